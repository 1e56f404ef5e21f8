// SPDX-License-Identifier: Apache-2.0
// Reads one object of a seed file; refusals name the place in the file.
#pragma once

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/json.hpp"
#include "base/civil_time.hpp"

namespace hw {

inline std::unexpected<Error> refuse_seed(std::string_view path, std::string_view why) {
    const auto colon = path.empty() ? "" : ": ";
    return fail(ErrorCode::UnprocessableEntity, fmt::format("{}{}{}", path, colon, why),
                "invalid_seed");
}

// The field readers say "<issue>: <field>: <message>"; here the whole path stands in front.
template <class T>
Result<T> within_seed(std::string_view path, Result<T> result) {
    if (result) return result;
    const auto& message = result.error().message;
    const auto colon = message.find(": ");
    const auto start = colon == message.npos ? 0 : colon + 2;
    return fail(ErrorCode::UnprocessableEntity, fmt::format("{}.{}", path, message.substr(start)),
                "invalid_seed");
}

// One object of the file and where it stands.
class SeedFields {
  public:
    // `exact` is the same object with its decimal numbers as text (exact_json.hpp).
    SeedFields(const json::object& object, const json::object& exact, std::string path)
        : object_(object), exact_(exact), path_(std::move(path)) {}

    const std::string& path() const { return path_; }
    const json::object& object() const { return object_; }
    const json::object& exact() const { return exact_; }
    bool has(std::string_view name) const { return object_.contains(name); }

    Result<std::optional<std::string>> optional(std::string_view name) const {
        return within_seed(path_, optional_text(object_, name));
    }
    // Empty when absent.
    Result<std::string> text(std::string_view name) const {
        return HW_TRY(optional(name)).value_or("");
    }
    Result<std::string> required(std::string_view name) const {
        return within_seed(path_, required_text(object_, name));
    }
    Result<bool> flag(std::string_view name) const {
        const auto* value = object_.if_contains(name);
        if (value != nullptr && value->is_null()) return false;
        return HW_TRY(within_seed(path_, optional_bool(object_, name))).value_or(false);
    }

    // "2026-01-02T03:04:05Z", "2026-01-02" or milliseconds.
    Result<std::optional<std::int64_t>> time(std::string_view name) const {
        const auto* value = object_.if_contains(name);
        if (value == nullptr || value->is_null()) return std::nullopt;
        if (value->is_int64()) return std::optional(value->get_int64());
        const auto text = HW_TRY(required(name));
        auto parsed = parse_time(text);
        if (!parsed) parsed = parse_date(text);
        if (parsed) return std::optional(*parsed);
        return refuse_seed(
            fmt::format("{}.{}", path_, name),
            fmt::format("'{}' is no time: write for example 2026-01-02T03:04:05Z", text));
    }

    // The array of that name, or null when absent.
    Result<const json::array*> array(std::string_view name) const {
        const auto* value = object_.if_contains(name);
        if (value == nullptr || value->is_null()) return nullptr;
        if (value->is_array()) return &value->get_array();
        return refuse_seed(place(name), "expected an array");
    }

    // Calls read(SeedFields) -> Result<T> for each object of the array of that name.
    template <class Read>
    auto each(std::string_view name, Read read) const -> Result<
        std::vector<typename decltype(read(std::declval<const SeedFields&>()))::value_type>> {
        std::vector<typename decltype(read(std::declval<const SeedFields&>()))::value_type> found;
        const auto* items = HW_TRY(array(name));
        if (items == nullptr) return found;
        found.reserve(items->size());
        for (std::size_t i = 0; i < items->size(); ++i) {
            auto path = fmt::format("{}[{}]", place(name), i);
            if (!(*items)[i].is_object()) return refuse_seed(path, "expected an object");
            const auto& exact = exact_.at(name).get_array()[i].get_object();
            found.push_back(
                HW_TRY(read(SeedFields((*items)[i].get_object(), exact, std::move(path)))));
        }
        return found;
    }

    Result<std::vector<std::string>> texts(std::string_view name) const {
        std::vector<std::string> found;
        const auto* items = HW_TRY(array(name));
        if (items == nullptr) return found;
        for (const auto& item : *items) {
            if (!item.is_string()) return refuse_seed(place(name), "expected texts only");
            found.emplace_back(item.get_string());
        }
        return found;
    }

    // Refuses what is not among `names`.
    Result<void> only(std::initializer_list<std::string_view> names) const {
        for (const auto& member : object_) {
            if (std::ranges::find(names, std::string_view(member.key())) != names.end()) continue;
            return refuse_seed(place(member.key()),
                               fmt::format("unknown {}; known are: {}",
                                           member.value().is_array() ? "collection" : "field",
                                           fmt::join(names, ", ")));
        }
        return {};
    }

  private:
    std::string place(std::string_view name) const {
        return path_.empty() ? std::string(name) : fmt::format("{}.{}", path_, name);
    }

    const json::object& object_;
    const json::object& exact_;
    std::string path_;
};

}  // namespace hw
