// SPDX-License-Identifier: Apache-2.0
#include "base/url_parameters.hpp"

#include <algorithm>

#include "base/percent.hpp"
#include "base/utf8.hpp"

namespace hw {
namespace {

struct Parts {
    std::string_view before;    // the "?"
    std::string_view query;     // without the "?"
    std::string_view fragment;  // with the "#"
};

Parts split(std::string_view url) {
    Parts parts;
    const auto hash = std::min(url.find('#'), url.size());
    parts.fragment = url.substr(hash);
    url = url.substr(0, hash);
    const auto mark = std::min(url.find('?'), url.size());
    parts.before = url.substr(0, mark);
    parts.query = url.substr(std::min(mark + 1, url.size()));
    return parts;
}

// The URL where `replacement` (raw "name=value"; empty: nothing) stands for the parameter.
std::string replaced(std::string_view url, std::string_view name, std::string_view replacement) {
    const auto parts = split(url);
    std::string query;
    const auto append = [&](std::string_view parameter) {
        if (parameter.empty()) return;
        if (!query.empty()) query += '&';
        query.append(parameter);
    };
    bool found = false;
    for (auto rest = parts.query; !rest.empty();) {
        const auto end = std::min(rest.find('&'), rest.size());
        const auto parameter = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        if (!same_parameter_name(parameter.substr(0, parameter.find('=')), name)) {
            append(parameter);
        } else if (!found) {
            append(replacement);
            found = true;
        }
    }
    if (!found) append(replacement);
    std::string out(parts.before);
    if (!query.empty()) out.append("?").append(query);
    return out.append(parts.fragment);
}

}  // namespace

std::optional<std::string> url_parameter(std::string_view url, std::string_view name) {
    const auto raw = find_parameter(split(url).query, name);
    if (!raw) return std::nullopt;
    auto value = form_decode(*raw);
    const bool text = is_valid_utf8(value) && value.find('\0') == std::string::npos;
    return text ? std::optional(std::move(value)) : std::nullopt;
}

std::string with_url_parameter(std::string_view url, std::string_view name,
                               std::string_view value) {
    return replaced(url, name,
                    percent_encode_component(name) + "=" + percent_encode_component(value));
}

std::string without_url_parameter(std::string_view url, std::string_view name) {
    if (!find_parameter(split(url).query, name)) return std::string(url);
    return replaced(url, name, {});
}

}  // namespace hw
