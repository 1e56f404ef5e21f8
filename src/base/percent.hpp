// SPDX-License-Identifier: Apache-2.0
// Percent encoding and the parameters of a query string. Raw text goes through unchanged wherever
// it can, so that what a visitor sent reaches the target byte for byte.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

namespace hw {

// "%41" becomes "A". A "%" without two hex digits stays. The result may be any bytes.
std::string percent_decode(std::string_view text);

// The same for a query parameter, where "+" is a blank.
std::string form_decode(std::string_view text);

// Everything but letters, digits and -_.!~*'() is encoded, like JavaScript's encodeURIComponent.
std::string percent_encode_component(std::string_view text);
void append_percent_encoded(std::string& out, std::string_view text);

// Calls fn(name, value) with the raw text of every parameter; a parameter without "=" has an empty
// value, empty ones ("a&&b") are passed over. `query` has no leading "?".
template <class Fn>
void for_each_parameter(std::string_view query, Fn&& fn) {
    while (!query.empty()) {
        const auto end = std::min(query.find('&'), query.size());
        const auto parameter = query.substr(0, end);
        query.remove_prefix(std::min(end + 1, query.size()));
        if (parameter.empty()) continue;
        const auto equals = std::min(parameter.find('='), parameter.size());
        fn(parameter.substr(0, equals), parameter.substr(std::min(equals + 1, parameter.size())));
    }
}

// Whether two raw parameter names mean the same one ("dub%5Fid" is "dub_id").
bool same_parameter_name(std::string_view a, std::string_view b);

// The raw value of the first parameter called `name`.
std::optional<std::string_view> find_parameter(std::string_view query, std::string_view name);

}  // namespace hw
