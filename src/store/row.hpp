// SPDX-License-Identifier: Apache-2.0
// What goes into a statement and what comes out of it, the same for both engines.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace hw {

// One bound parameter: null, 64-bit integer, text, or bytes. Text is referred to, not copied; it is
// valid UTF-8 without NUL, on both engines.
class Param {
  public:
    struct Bytes {
        std::string_view bytes;
    };

    // Implicit, so that calls read like a list of values. NOLINTBEGIN(google-explicit-constructor)
    Param(std::nullopt_t) {}
    Param(std::int64_t value) : value_(value) {}
    Param(int value) : value_(static_cast<std::int64_t>(value)) {}
    Param(bool value) : value_(static_cast<std::int64_t>(value)) {}
    Param(std::string_view value) : value_(value) {}
    Param(const std::string& value) : value_(std::string_view(value)) {}
    Param(std::string&& value) = delete;  // would be gone before it is bound
    Param(const char* value) : value_(std::string_view(value)) {}
    Param(Bytes value) : value_(value) {}
    template <class T>
    Param(const std::optional<T>& value) {
        if (value) *this = Param(*value);
    }
    // NOLINTEND(google-explicit-constructor)

    using Value = std::variant<std::monostate, std::int64_t, std::string_view, Bytes>;
    const Value& value() const { return value_; }

  private:
    Value value_;
};

// One result row, valid only inside the callback that received it.
class Row {
  public:
    virtual ~Row() = default;
    virtual bool is_null(int column) const = 0;
    virtual std::int64_t int64(int column) const = 0;     // an assertion holds that it is one
    virtual std::string_view view(int column) const = 0;  // text; empty when null
    virtual std::string bytes(int column) const = 0;      // blob; empty when null

    std::string text(int column) const { return std::string(view(column)); }
    bool boolean(int column) const { return int64(column) != 0; }
    std::optional<std::string> optional_text(int column) const {
        return is_null(column) ? std::nullopt : std::optional(text(column));
    }
    std::optional<std::int64_t> optional_int64(int column) const {
        return is_null(column) ? std::nullopt : std::optional(int64(column));
    }
};

// An assertion: PostgreSQL takes no other text, so SQLite must not either.
void check_text(std::string_view text);

}  // namespace hw
