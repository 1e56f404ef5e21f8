// SPDX-License-Identifier: Apache-2.0
// First-party mode: the shop's own proxy passes /track/* on to us, and the click id is kept in a
// cookie that the server sets (docs/first-party.md).
#pragma once

#include <string>
#include <string_view>

#include "api/http.hpp"

namespace hw {

// Sets the cookie dub_id on the answer when the proxy asks for it: Headwater-First-Party with "on",
// or with any of "http-only", "first-click" (the cookie of an earlier click stays) and
// "domain=HOST", separated by commas. Requests that a browser sends from another site get none.
void keep_click(const Request& request, std::string_view click_id, Response& response);

// The same for a page view, which is no click: one that is kept stays.
void keep_visit(const Request& request, std::string_view click_id, Response& response);

// The click id that the visitor's cookie keeps; empty outside of first-party mode, because without
// the proxy's header nothing says whose cookie it is.
std::string kept_click(const Request& request);

// Whether the shop's own proxy passed the request on.
bool is_first_party(const Request& request);

// The visitor's own id, in a cookie of two years; likewise for first-party mode alone.
std::string kept_visitor(const Request& request);
void keep_visitor(const Request& request, std::string_view visitor, Response& response);

}  // namespace hw
