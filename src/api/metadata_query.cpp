// SPDX-License-Identifier: Apache-2.0
#include "api/metadata_query.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "api/json.hpp"
#include "api/json_text.hpp"

namespace hw {
namespace {

enum class Operator : std::uint8_t { Equal, NotEqual, Less, LessOrEqual, Greater, GreaterOrEqual };

struct Condition {
    std::vector<std::string> path;  // metadata['a']['b']
    Operator op = Operator::Equal;
    std::string wanted;
};

// Any of these, of which all conditions hold.
using Alternatives = std::vector<std::vector<Condition>>;

class Reader {
  public:
    explicit Reader(std::string_view text) : rest_(text) {}

    std::optional<Alternatives> read() {
        Alternatives found(1);
        for (;;) {
            auto condition = read_condition();
            if (!condition) return std::nullopt;
            found.back().push_back(std::move(*condition));
            skip_spaces();
            if (rest_.empty()) return found;
            if (take_word("or")) {
                found.emplace_back();
            } else if (!take_word("and")) {
                return std::nullopt;
            }
        }
    }

  private:
    void skip_spaces() {
        rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t"), rest_.size()));
    }

    bool take(std::string_view text) {
        if (!rest_.starts_with(text)) return false;
        rest_.remove_prefix(text.size());
        return true;
    }

    bool take_word(std::string_view word) {
        const auto same = [](char a, char b) { return (a | 0x20) == b; };
        const auto head = rest_.substr(0, word.size());
        if (!std::ranges::equal(head, word, same)) return false;
        const auto behind = rest_.substr(head.size());
        if (!behind.empty() && behind.front() != ' ' && behind.front() != '\t') return false;
        rest_ = behind;
        return true;
    }

    std::optional<std::string> read_quoted() {
        if (rest_.empty() || (rest_.front() != '\'' && rest_.front() != '"')) return std::nullopt;
        const char quote = rest_.front();
        std::string text;
        for (std::size_t i = 1; i < rest_.size(); ++i) {
            if (rest_[i] == quote) {
                rest_.remove_prefix(i + 1);
                return text;
            }
            if (rest_[i] == '\\' && i + 1 < rest_.size()) ++i;
            text += rest_[i];
        }
        return std::nullopt;
    }

    std::optional<std::string> read_value() {
        skip_spaces();
        if (rest_.starts_with('\'') || rest_.starts_with('"')) return read_quoted();
        const auto bare = rest_.substr(0, rest_.find_first_of(" \t"));
        if (bare.empty()) return std::nullopt;
        rest_.remove_prefix(bare.size());
        return std::string(bare);
    }

    std::optional<Operator> read_operator() {
        skip_spaces();
        if (take("!=")) return Operator::NotEqual;
        if (take(">=")) return Operator::GreaterOrEqual;
        if (take("<=")) return Operator::LessOrEqual;
        if (take(">")) return Operator::Greater;
        if (take("<")) return Operator::Less;
        if (take("=") || take(":")) return Operator::Equal;
        return std::nullopt;
    }

    std::optional<Condition> read_condition() {
        skip_spaces();
        if (!take("metadata")) return std::nullopt;
        Condition condition;
        while (take("[")) {
            auto name = read_quoted();
            if (!name || !take("]")) return std::nullopt;
            condition.path.push_back(std::move(*name));
        }
        const auto op = read_operator();
        auto wanted = op ? read_value() : std::nullopt;
        if (condition.path.empty() || !wanted) return std::nullopt;
        condition.op = *op;
        condition.wanted = std::move(*wanted);
        return condition;
    }

    std::string_view rest_;
};

const json::value* find_at(const json::value& root, const std::vector<std::string>& path) {
    const auto* at = &root;
    for (const auto& name : path) {
        if (!at->is_object()) return nullptr;
        at = at->as_object().if_contains(name);
        if (at == nullptr) return nullptr;
    }
    return at;
}

// Scaled to whole numbers, because a decimal is compared exactly: 9 digits behind the point.
std::optional<std::int64_t> number_of(std::string_view text) {
    constexpr std::size_t kDigitsBehind = 9;
    const auto point = text.find('.');
    const auto behind = point == text.npos ? std::string_view{} : text.substr(point + 1);
    if (behind.size() > kDigitsBehind || (point != text.npos && behind.empty())) return {};
    auto digits = std::string(text.substr(0, point)) + std::string(behind);
    digits.append(kDigitsBehind - behind.size(), '0');
    std::int64_t value = 0;
    const auto [stop, failed] =
        std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (failed != std::errc{} || stop != digits.data() + digits.size()) return std::nullopt;
    return value;
}

std::string text_of(const json::value& value) {
    return value.is_string() ? std::string(value.as_string()) : json_text(value);
}

bool holds(const Condition& condition, const json::value& root) {
    const auto* value = find_at(root, condition.path);
    if (value == nullptr) return condition.op == Operator::NotEqual;
    const auto found = text_of(*value);
    const auto found_number = number_of(found);
    const auto wanted_number = number_of(condition.wanted);
    const auto order = found_number && wanted_number ? *found_number <=> *wanted_number
                                                     : found <=> condition.wanted;
    switch (condition.op) {
        case Operator::Equal:
            return order == 0;
        case Operator::NotEqual:
            return order != 0;
        case Operator::Less:
            return order < 0;
        case Operator::LessOrEqual:
            return order <= 0;
        case Operator::Greater:
            return order > 0;
        case Operator::GreaterOrEqual:
            return order >= 0;
    }
    return false;
}

bool holds_any(const Alternatives& alternatives, const json::value& root) {
    return std::ranges::any_of(alternatives, [&](const std::vector<Condition>& all) {
        return std::ranges::all_of(
            all, [&](const Condition& condition) { return holds(condition, root); });
    });
}

}  // namespace

Result<std::function<bool(std::string_view)>> parse_metadata_query(std::string_view text) {
    auto read = Reader(text).read();
    if (!read) {
        return std::unexpected(invalid_field(
            "custom", "query",
            "Invalid query: write conditions such as metadata['plan']:'pro', joined by and or or"));
    }
    auto alternatives = std::make_shared<const Alternatives>(std::move(*read));
    return [alternatives](std::string_view metadata) {
        boost::system::error_code failed;
        const auto root = json::parse(metadata, failed);
        return !failed && holds_any(*alternatives, root);
    };
}

}  // namespace hw
