// SPDX-License-Identifier: Apache-2.0
// A click, lead or sale as lists of events answer it, with the flat fields that older clients read
// (reference: dub, 2.11).
#pragma once

#include <string_view>

#include "api/json.hpp"
#include "core/list_events.hpp"

namespace hw {

// The click alone; `at_ms` is the time that it tells.
json::object click_json(const Touch& touch, std::int64_t at_ms);

// {amount, invoiceId, paymentProcessor, currency}: after conversion, as told while no rate is
// known.
json::object sale_json(const Conversion& sale);

// `server_url` is where the picture of the link's QR code is.
json::object event_json(const Event& event, std::string_view server_url);

}  // namespace hw
