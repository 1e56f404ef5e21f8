// SPDX-License-Identifier: Apache-2.0
// Reads what is there of an event, whatever version of an API shaped it: a field that is missing or
// of another type is not told, and nothing throws.
#pragma once

#include <boost/json.hpp>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "store/payment_facts.hpp"

namespace hw::connectors {

namespace json = boost::json;

// The body as an object; 400 for what is none.
Result<json::object> parse_body(std::string_view body);

// 400: the body is no event of this processor. `expected` says what one looks like.
std::unexpected<Error> not_an_event(std::string_view expected);

// The value at the path, or null.
const json::value* value_at(const json::object& object,
                            std::initializer_list<std::string_view> path);

// Cleaned and cut; empty when it is no text.
std::string text_at(const json::object& object, std::initializer_list<std::string_view> path);

// The id there, whether it stands alone or in an expanded object.
std::string id_at(const json::object& object, std::initializer_list<std::string_view> path);

// An id that is a number, as such or as text, behind what tells it from the ids of other objects;
// empty when there is none.
std::string numbered_id_at(const json::object& object, std::initializer_list<std::string_view> path,
                           std::string_view prefix);

std::optional<std::int64_t> int_at(const json::object& object,
                                   std::initializer_list<std::string_view> path);
bool flag_at(const json::object& object, std::initializer_list<std::string_view> path);

// Seconds there as milliseconds; 0 when not told.
std::int64_t time_at(const json::object& object, std::initializer_list<std::string_view> path);

// The text of a moment as milliseconds; 0 when not told.
std::int64_t moment_at(const json::object& object, std::initializer_list<std::string_view> path);

const json::array& array_at(const json::object& object,
                            std::initializer_list<std::string_view> path);
const json::object& object_at(const json::object& object,
                              std::initializer_list<std::string_view> path);

// Fills what the merchant's own fields say and nothing said before.
void add_evidence(PaymentEvidence& evidence, const json::object& metadata);

// As it is kept with a conversion; empty: there is none.
std::string metadata_text(const json::object& metadata);

}  // namespace hw::connectors
