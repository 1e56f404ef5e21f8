// SPDX-License-Identifier: Apache-2.0
// Which short link a page or an app speaks of, by domain or by whole address.
#pragma once

#include <string>
#include <string_view>

namespace hw {

// "https://www.x.co/" and "x.co" name one domain.
std::string bare_domain(std::string_view domain);

struct ShortAddress {
    std::string domain;  // empty: the text is no web address
    std::string key;     // as links are looked up; kRootKey for the bare domain
};

ShortAddress short_address(std::string_view url);

}  // namespace hw
