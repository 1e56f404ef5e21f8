// SPDX-License-Identifier: Apache-2.0
// URLs that users store and browsers send: what may be a destination, and whose host it is.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace hw {

// A destination as it is stored and later put into a Location header. "https://" is added where a
// scheme is missing; the scheme is lower-cased, an international host becomes punycode, non-ASCII
// characters and "<> are percent-encoded; every other byte stays as it was given. Web addresses and
// app schemes (mailto:, tel:, myapp://) pass; schemes that run or read something in the browser
// (javascript:, data:, vbscript:, file:, ...) and blanks, controls and backslashes do not.
Result<std::string> normalize_destination(std::string_view text);

// The lower-cased host of an absolute URL, without user, port, brackets or final dot. Empty where
// there is none.
std::string host_of(std::string_view url);

// The web address that a reference of a page at `base` means, as a browser finds it: "/a.png" or
// "//cdn.example/a.png" or a whole address. Nothing for what is no http(s) address.
std::optional<std::string> resolve_url(std::string_view base, std::string_view reference);

}  // namespace hw
