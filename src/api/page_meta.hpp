// SPDX-License-Identifier: Apache-2.0
// What a page says of itself to those who show a link to it: title, description and picture.
#pragma once

#include <string>

#include "api/page_source.hpp"

namespace hw {

// Valid UTF-8; empty where the page says nothing.
struct PageMeta {
    std::string title;
    std::string description;
    std::string image;  // http(s) address
};

// Any bytes may call themselves a page: the time is bounded for all.
PageMeta read_page_meta(const FetchedPage& page);

}  // namespace hw
