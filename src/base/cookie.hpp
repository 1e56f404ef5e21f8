// SPDX-License-Identifier: Apache-2.0
// Cookies: reading one from a request's header, writing one for an answer.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace hw {

// The value of the first cookie called `name` in a Cookie header, without surrounding quotes.
// Names are compared byte for byte. Whatever else the header holds is passed over.
std::optional<std::string_view> cookie_value(std::string_view header, std::string_view name);

enum class SameSite : std::uint8_t { Unset, Lax, Strict, None };

struct Cookie {
    std::string_view name;
    std::string_view value;
    std::string_view path = "/";
    std::string_view domain = {};                // empty: this host only
    std::optional<std::int64_t> max_age_s = {};  // nothing: until the browser closes; 0: delete
    bool secure = false;
    bool http_only = false;
    SameSite same_site = SameSite::Unset;
};

// The text of a Set-Cookie header. An error when a part could end the cookie or the header early
// (control characters, ';', and in name and value also blanks, quotes, commas and non-ASCII).
Result<std::string> set_cookie_text(const Cookie& cookie);

}  // namespace hw
