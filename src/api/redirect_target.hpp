// SPDX-License-Identifier: Apache-2.0
// Where a visitor of a link goes, and how: the rungs 8 and 10 to 15 of the redirect ladder, and the
// split of A/B tests.
#pragma once

#include <cstdint>
#include <string_view>

#include "api/prepared_link.hpp"
#include "base/env.hpp"

namespace hw {

enum class Show : std::uint8_t {
    Redirect,
    Frame,        // the destination under the short link's address
    OpenApp,      // a page that opens what is no web address
    Store,        // a page before an app store, which remembers the visitor for the app
    Placeholder,  // the link has no destination
};

struct Target {
    std::string_view url;
    Show show = Show::Redirect;
    TargetKind kind = TargetKind::Plain;
    const PreparedVariant* variant = nullptr;  // of a running A/B test
};

// What the rules ask about the visitor. Only what the link's rules need has to be set.
struct Traits {
    std::string_view os{};
    std::string_view country{};      // ISO 3166
    std::string_view variant_tag{};  // of an earlier visit
    bool skip_store_preview = false;
};

// `link` holds the texts of the answer.
Target choose_target(const PreparedLink& link, const Traits& traits, Env& env);

// Whether redir_url may send visitors of this link there: to the hosts that the link itself and
// the workspace name, and nowhere else. `redir_url` is a normalized destination.
bool may_redirect_to(std::string_view redir_url, const PreparedLink& link,
                     const std::vector<std::string>& allowed_hostnames);

}  // namespace hw
