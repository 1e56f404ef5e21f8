// SPDX-License-Identifier: Apache-2.0
// Fields of Stripe's events, and its amounts, whose exponents are not always those of ISO 4217.
#pragma once

#include <string_view>

#include "connectors/json_fields.hpp"

namespace hw::stripe {

namespace json = boost::json;
using connectors::add_evidence;
using connectors::array_at;
using connectors::flag_at;
using connectors::id_at;
using connectors::int_at;
using connectors::metadata_text;
using connectors::object_at;
using connectors::text_at;
using connectors::time_at;
using connectors::value_at;

// How an amount on Stripe's wire becomes minor units of ISO 4217: times `times`, divided by `by`.
struct WireScale {
    std::int64_t times = 1;
    std::int64_t by = 1;
};
WireScale wire_scale(std::string_view currency);

// An Error when the amount cannot be, because ISO 4217 has no such fraction.
Result<std::int64_t> wire_amount(std::int64_t amount, std::string_view currency);

}  // namespace hw::stripe
