// SPDX-License-Identifier: Apache-2.0
#include "api/json_source.hpp"

#include <charconv>
#include <set>

namespace hw {
namespace {

namespace json = boost::json;

constexpr std::string_view kSpace = " \t\r\n";

std::string_view without_space(std::string_view text) {
    const auto begin = text.find_first_not_of(kSpace);
    if (begin == text.npos) return {};
    return text.substr(begin, text.find_last_not_of(kSpace) - begin + 1);
}

// Where the string ends that begins at `at`, one past its closing quote.
std::size_t end_of_string(std::string_view text, std::size_t at) {
    for (++at; text[at] != '"'; ++at) {
        if (text[at] == '\\') ++at;
    }
    return at + 1;
}

// Where the value ends that begins at `at`: at the comma or bracket after it.
std::size_t end_of_value(std::string_view text, std::size_t at) {
    for (int depth = 0; at < text.size();) {
        const char c = text[at];
        if (depth == 0 && (c == ',' || c == '}' || c == ']')) return at;
        if (c == '{' || c == '[') ++depth;
        if (c == '}' || c == ']') --depth;
        at = c == '"' ? end_of_string(text, at) : at + 1;
    }
    return at;
}

std::string key_of(std::string_view quoted) {
    if (quoted.contains('\\')) return std::string(json::parse(quoted).as_string());
    return std::string(quoted.substr(1, quoted.size() - 2));
}

// Calls fn(key, value text) for each member of the object that the text is.
template <class Fn>
void each_member(std::string_view text, Fn fn) {
    for (auto at = text.find('"', text.find('{')); at != text.npos;) {
        const auto key_end = end_of_string(text, at);
        const auto value = text.find(':', key_end) + 1;
        const auto value_end = end_of_value(text, value);
        fn(key_of(text.substr(at, key_end - at)), text.substr(value, value_end - value));
        if (text[value_end] == '}') return;
        at = text.find('"', value_end);
    }
}

void read_items_exactly(std::string_view text, json::array& items) {
    auto at = text.find('[') + 1;
    for (auto& item : items) {
        const auto end = end_of_value(text, at);
        read_numbers_exactly(text.substr(at, end - at), item);
        at = end + 1;
    }
}

void read_number_exactly(std::string_view text, json::value& number) {
    text = without_space(text);
    double exact = 0;  // tidy: double ok: JSON numbers; amounts pass only when they are whole
    const auto read = std::from_chars(text.data(), text.data() + text.size(), exact);
    if (read.ec == std::errc{}) number = exact;
}

}  // namespace

std::optional<std::string> repeated_key(std::string_view object_text) {
    std::optional<std::string> repeated;
    std::set<std::string> seen;
    each_member(object_text, [&](std::string key, std::string_view) {
        if (!seen.insert(key).second && !repeated) repeated = std::move(key);
    });
    return repeated;
}

void read_numbers_exactly(std::string_view text, json::value& value) {
    if (value.is_double()) {
        read_number_exactly(text, value);
    } else if (value.is_array()) {
        read_items_exactly(text, value.get_array());
    } else if (value.is_object()) {
        // Of a key that is there twice the last one counts, and the order brings it last.
        each_member(text, [&](const std::string& key, std::string_view member) {
            read_numbers_exactly(member, value.get_object().at(key));
        });
    }
}

}  // namespace hw
