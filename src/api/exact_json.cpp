// SPDX-License-Identifier: Apache-2.0
#include "api/exact_json.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/fault.hpp"
#include "base/limits.hpp"

namespace hw {
namespace {

__extension__ using Int128 = __int128;

constexpr char kMark = '\xFF';
constexpr std::int64_t kMillion = 1'000'000;

bool is_of_number(char c) {
    return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E';
}

std::size_t end_of_string(std::string_view text, std::size_t at) {
    for (++at; text[at] != '"'; ++at) {
        if (text[at] == '\\') ++at;
    }
    return at + 1;
}

// The text with its decimal numbers in quotes and marked.
std::string marked(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        auto end = at + 1;
        const bool is_number = text[at] == '-' || (text[at] >= '0' && text[at] <= '9');
        if (text[at] == '"') end = end_of_string(text, at);
        while (is_number && end < text.size() && is_of_number(text[end])) ++end;
        const auto token = text.substr(at, end - at);
        if (is_number && token.find_first_of(".eE") != token.npos) {
            out.append("\"").append(1, kMark).append(token).append("\"");
        } else {
            out.append(token);
        }
        at = end;
    }
    return out;
}

}  // namespace

json::value parse_exact_value(std::string_view text) {
    json::parse_options options;
    options.max_depth = limits::kJsonDepthMax;
    options.allow_invalid_utf8 = true;  // the marks
    const auto exact = marked(text);
    return json::parse(exact, {}, options);
}

Result<json::object> parse_exact_object(std::string_view body) {
    HW_TRY(parse_object(body));
    return std::move(parse_exact_value(body).as_object());
}

std::optional<std::string> number_text(const json::value& value) {
    if (value.is_int64()) return std::to_string(value.get_int64());
    if (value.is_uint64()) return std::to_string(value.get_uint64());
    if (!value.is_string() || !value.get_string().starts_with(kMark)) return std::nullopt;
    return std::string(value.get_string().subview(1));
}

json::value exact_number(std::string_view text) {
    // Anything else would stand in the answer as it is.
    HW_ASSERT(!text.empty() && std::ranges::all_of(text, is_of_number));
    return json::string(std::string(1, kMark) + std::string(text));
}

std::string serialize_exact(const json::value& value) {
    const auto text = json::serialize(value);
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const auto end = text[at] == '"' ? end_of_string(text, at) : at + 1;
        const bool is_marked = end - at > 2 && text[at + 1] == kMark;
        out.append(text, is_marked ? at + 2 : at, is_marked ? end - at - 3 : end - at);
        at = end;
    }
    return out;
}

json::value ratio_or_null(std::int64_t numerator, std::int64_t denominator) {
    if (denominator == 0) return nullptr;
    const bool is_negative = (numerator < 0) != (denominator < 0);
    const auto above = numerator < 0 ? -Int128{numerator} : Int128{numerator};
    const auto below = denominator < 0 ? -Int128{denominator} : Int128{denominator};
    const auto millionths = (above * kMillion * 2 + below) / (below * 2);
    const auto whole = millionths / kMillion;
    auto text = fmt::format("{}.{:06}", static_cast<std::uint64_t>(whole),
                            static_cast<std::uint64_t>(millionths % kMillion));
    while (text.ends_with('0')) text.pop_back();
    if (text.ends_with('.')) text.pop_back();
    if (is_negative && millionths != 0) text.insert(0, 1, '-');
    return exact_number(text);
}

}  // namespace hw
