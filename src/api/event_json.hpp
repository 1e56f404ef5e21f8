// SPDX-License-Identifier: Apache-2.0
// A click, lead or sale as lists of events answer it, with the flat fields that older clients read
// (reference: dub, 2.11).
#pragma once

#include <string_view>

#include "api/json.hpp"
#include "core/list_events.hpp"

namespace hw {

// `server_url` is where the picture of the link's QR code is.
json::object event_json(const Event& event, std::string_view server_url);

}  // namespace hw
