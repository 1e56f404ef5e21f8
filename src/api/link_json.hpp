// SPDX-License-Identifier: Apache-2.0
// A link as the links API answers it (reference: dub, 2.6): every key, with null for what links
// do not have here.
#pragma once

#include <string_view>

#include "api/json.hpp"
#include "core/link_fields.hpp"

namespace hw {

// `server_url` is where the picture of the QR code is.
json::object link_json(const LinkWithTotals& link, std::string_view server_url);

// {id, name, color}
json::object tag_json(const Tag& tag);

}  // namespace hw
