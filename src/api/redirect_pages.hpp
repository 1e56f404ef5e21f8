// SPDX-License-Identifier: Apache-2.0
// The pages of a short domain: what visitors see who are not sent on at once. All text of owners
// and visitors in them is escaped.
#pragma once

#include <string_view>

#include "api/http.hpp"
#include "base/env.hpp"
#include "store/domains.hpp"
#include "store/links.hpp"

namespace hw {

Response not_found_page();
Response expired_page();
Response method_page();
Response inspect_page(const Link& link, Env& env);
Response password_page(bool refused, Env& env);
Response placeholder_page(const Domain& domain, Env& env);

// For programs that show what is behind a link: titles and pictures of the link's owner.
Response preview_page(const Link& link, Env& env);

Response frame_page(const Link& link, std::string_view url, Env& env);
Response open_app_page(std::string_view url, Env& env);

// Before an app store: `query` of the visit comes along to the next one, which skips this page.
Response store_page(const Link& link, std::string_view query, Env& env);

// The JSON that Android and iOS ask a host for.
bool is_app_association_path(std::string_view path);
Response app_association(const Domain& domain, std::string_view path);

}  // namespace hw
