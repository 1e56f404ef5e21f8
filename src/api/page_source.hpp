// SPDX-License-Identifier: Apache-2.0
// Web pages of strangers, as the Api sees who fetches them (net/page_fetcher.hpp).
#pragma once

#include <functional>
#include <string>

#include "base/error.hpp"

namespace hw {

struct FetchedPage {
    std::string url;  // after its redirects
    std::string content_type;
    std::string body;
};

class PageSource {
  public:
    virtual ~PageSource() = default;

    // An Error for whatever is no page: no answer, a status other than 2xx, an address that the
    // server may not connect to, more bytes than limits::kMetaPageBytesMax.
    using Fetched = std::move_only_function<void(Result<FetchedPage>)>;

    // Calls `fetched` once, in a moment or on a thread of the source. Thread-safe.
    virtual void fetch(std::string url, Fetched fetched) = 0;
};

}  // namespace hw
