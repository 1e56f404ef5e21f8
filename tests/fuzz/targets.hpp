// SPDX-License-Identifier: Apache-2.0
// The functions that libFuzzer feeds: each reads bytes that strangers may send, and throws a Fault
// when a property that must hold for every input does not.
#pragma once

#include <string_view>

namespace hw::fuzz {

void cookie(std::string_view bytes);        // a Cookie header, and cookies of our own
void csv(std::string_view bytes);           // a file of links to import
void json_body(std::string_view bytes);     // any body of the API, and every field reader
void link_key(std::string_view bytes);      // keys that users choose and visitors ask for
void money_text(std::string_view bytes);    // "amount currency rate"
void page_meta(std::string_view bytes);     // the HTML of a page that someone links to
void request_head(std::string_view bytes);  // the bytes of a connection, chunked bodies included
void track_body(std::string_view bytes);    // the bodies of lead and sale, all four variants
void url(std::string_view bytes);           // a destination, then the query of its visit
void user_agent(std::string_view bytes);

}  // namespace hw::fuzz
