// SPDX-License-Identifier: Apache-2.0
// Request bodies in, answer bodies out. The field readers refuse with the texts that clients of the
// track API know: "<issue>: <path>: <message>", the first issue only (reference: dub, 1.5).
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace hw {

namespace json = boost::json;

// The body as an object. 400 for text that is no JSON, 422 for JSON that is no object.
Result<json::object> parse_object(std::string_view body);

// The same for an array.
Result<json::array> parse_array(std::string_view body);

// One 422 in the known form.
Error invalid_field(std::string_view issue, std::string_view path, std::string_view message);

// As the refusals call it: "undefined" for what is absent.
std::string_view json_type_name(const json::value* value);

struct TextRule {
    std::size_t max_characters = 0;  // UTF-16 code units, as JavaScript counts; 0: no limit
    bool trim = false;
    bool nullable = true;                 // optional_text only
    std::string_view empty_message = {};  // set: an empty text is refused with it
};

// Absent and null give nothing.
Result<std::optional<std::string>> optional_text(const json::object& body, std::string_view name,
                                                 TextRule rule = {});
Result<std::string> required_text(const json::object& body, std::string_view name,
                                  TextRule rule = {});
// Not said, cleared (null and the empty text), or set.
Result<std::optional<std::optional<std::string>>> patch_text(const json::object& body,
                                                             std::string_view name,
                                                             TextRule rule = {});
Result<std::optional<std::string>> optional_email(const json::object& body, std::string_view name,
                                                  TextRule rule);
// A text or an array of texts, without the empty ones.
Result<std::optional<std::vector<std::string>>> optional_texts(const json::object& body,
                                                               std::string_view name,
                                                               TextRule rule = {});
Result<std::optional<bool>> optional_bool(const json::object& body, std::string_view name);

// One of `options`; `fallback` when absent.
Result<std::string> option_text(const json::object& body, std::string_view name,
                                std::initializer_list<std::string_view> options,
                                std::string_view fallback);

struct IntRule {
    std::int64_t min = 0;
    std::int64_t max = 0;
    std::string_view missing_message = {};  // set: absent, null and other types are refused with it
    std::string_view too_small_message;
    std::string_view too_big_message;
};
Result<std::optional<std::int64_t>> optional_int(const json::object& body, std::string_view name,
                                                 const IntRule& rule);
Result<std::int64_t> required_int(const json::object& body, std::string_view name,
                                  const IntRule& rule);

// Free-form metadata as JSON text; at most kMetadataCharactersMax.
Result<std::optional<std::string>> optional_metadata(const json::object& body,
                                                     std::string_view name);

// Answer values.
json::value text_or_null(const std::optional<std::string>& text);
json::value int_or_null(const std::optional<std::int64_t>& number);
json::value time_or_null(const std::optional<std::int64_t>& at_ms);  // ISO 8601 with ms and Z
json::value json_or_null(const std::optional<std::string>& json_text);

}  // namespace hw
