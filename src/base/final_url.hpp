// SPDX-License-Identifier: Apache-2.0
// The URL that a redirect sends the visitor to. Runs once per click, so it only scans.
#pragma once

#include <string>
#include <string_view>

namespace hw {

struct FinalUrl {
    std::string_view target;         // as normalize_destination gave it
    std::string_view via_key{};      // a partner link's key; empty for other links
    std::string_view click_id{};     // empty when the link passes none on
    std::string_view visit_query{};  // raw, without the "?"
    bool no_track = false;           // the visitor opted out (dub-no-track)
    bool has_password = false;       // the visit's "pw" was for us
};

// The target with via=<key> and dub_id=<click id> set and the visit's parameters copied over,
// replacing those of the same name where they stand; new ones go to the end of the query, before
// the "#". A target that says dub_client_reference_id=1 gets client_reference_id=dub_id_<click id>
// in its place instead of dub_id. What the server has set, no visit parameter replaces. A target
// that gets nothing, and one that is no hierarchical URL (mailto:), comes back byte for byte.
std::string final_url(const FinalUrl& input);

}  // namespace hw
