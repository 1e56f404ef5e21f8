// SPDX-License-Identifier: Apache-2.0
// Small pages for people, complete in themselves: no script, nothing loaded from anywhere.
#pragma once

#include <string>
#include <string_view>

#include "api/http.hpp"
#include "base/env.hpp"

namespace hw {

// Text as it may stand between tags and in quoted attributes.
std::string html_escaped(std::string_view text);

struct PageExtras {
    std::string_view head = {};                      // HTML
    std::string_view policy = "form-action 'self'";  // of its Content-Security-Policy
};

// `body` is HTML. Nobody may keep, frame or extend the page.
Response html_page(int status, std::string_view title, std::string_view body, Env& env,
                   const PageExtras& extras = {});

}  // namespace hw
