// SPDX-License-Identifier: Apache-2.0
// Reads what is there of an event's object, whatever version of the API shaped it: a field that is
// missing or of another type is not told, and nothing throws.
#pragma once

#include <boost/json.hpp>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "store/payment_facts.hpp"

namespace hw::stripe {

namespace json = boost::json;

// The value at the path, or null.
const json::value* value_at(const json::object& object,
                            std::initializer_list<std::string_view> path);

// Cleaned and cut; empty when it is no text.
std::string text_at(const json::object& object, std::initializer_list<std::string_view> path);

// The id there, whether it stands alone or in an expanded object.
std::string id_at(const json::object& object, std::initializer_list<std::string_view> path);

std::optional<std::int64_t> int_at(const json::object& object,
                                   std::initializer_list<std::string_view> path);
bool flag_at(const json::object& object, std::initializer_list<std::string_view> path);

// Seconds there as milliseconds; 0 when not told.
std::int64_t time_at(const json::object& object, std::initializer_list<std::string_view> path);

const json::array& array_at(const json::object& object,
                            std::initializer_list<std::string_view> path);
const json::object& object_at(const json::object& object,
                              std::initializer_list<std::string_view> path);

// How an amount on Stripe's wire becomes minor units of ISO 4217: times `times`, divided by `by`.
struct WireScale {
    std::int64_t times = 1;
    std::int64_t by = 1;
};
WireScale wire_scale(std::string_view currency);

// An Error when the amount cannot be, because ISO 4217 has no such fraction.
Result<std::int64_t> wire_amount(std::int64_t amount, std::string_view currency);

// Fills what the metadata says and nothing said before.
void add_evidence(PaymentEvidence& evidence, const json::object& metadata);

// As it is kept with a conversion; empty: there is none.
std::string metadata_text(const json::object& metadata);

}  // namespace hw::stripe
