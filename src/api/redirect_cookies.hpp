// SPDX-License-Identifier: Apache-2.0
// What a short domain remembers in the visitor's browser, one link at a time: the click of the
// hour, the variant of an A/B test, and that the password was given.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "api/http.hpp"
#include "store/links.hpp"

namespace hw {

// The click id in the visitor's cookie, while its hour lasts; empty: none. `request` holds it.
std::string_view click_of_cookie(const Request& request, const Link& link, std::int64_t now_ms);
void remember_click(const Link& link, std::string_view click_id, Response& response);

std::string_view variant_of_cookie(const Request& request);
void remember_variant(const Link& link, std::string_view tag, Response& response);

// Whether the visitor gave the link's password before. The cookie holds a hash that only who knows
// the password can make, and that another password makes worthless.
bool has_password_cookie(const Request& request, const Link& link);
void remember_password(const Request& request, const Link& link, Response& response);

}  // namespace hw
