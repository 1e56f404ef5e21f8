// SPDX-License-Identifier: Apache-2.0
#include "api/short_address.hpp"

#include <algorithm>

#include "base/link_key.hpp"
#include "base/url.hpp"

namespace hw {

std::string bare_domain(std::string_view domain) {
    constexpr std::string_view kWww = "www.";
    const auto host =
        host_of(domain.contains("://") ? std::string(domain) : "https://" + std::string(domain));
    return host.starts_with(kWww) ? host.substr(kWww.size()) : host;
}

ShortAddress short_address(std::string_view url) {
    const bool web = url.starts_with("https://") || url.starts_with("http://");
    if (!web || !normalize_destination(url)) return {};
    ShortAddress address{.domain = bare_domain(url), .key = std::string(kRootKey)};
    const auto path = url.find_first_of("/?#", url.find("://") + 3);
    if (path == url.npos || url[path] != '/') return address;
    const auto end = std::min(url.find_first_of("?#", path), url.size());
    auto key = fold_key(url.substr(path, end - path));
    if (!key.empty()) address.key = std::move(key);
    return address;
}

}  // namespace hw
