// SPDX-License-Identifier: Apache-2.0
// What a request says about the client behind a proxy, believed only when the proxy is trusted.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "api/http.hpp"
#include "base/error.hpp"

namespace hw::net {

// An IPv4-mapped IPv6 address becomes the IPv4 address that it stands for.
boost::asio::ip::address unmapped(const boost::asio::ip::address& address);

class TrustedProxies {
  public:
    // Each text is an address ("10.0.0.1") or a network ("10.0.0.0/8", "fd00::/8").
    static Result<TrustedProxies> parse(std::span<const std::string> texts);

    bool trusts(const boost::asio::ip::address& address) const;

  private:
    struct Network {
        boost::asio::ip::address address;
        unsigned prefix_bits = 0;
    };
    static Result<Network> parse_network(const std::string& text);

    std::vector<Network> networks_;
};

struct Forwarded {
    std::optional<boost::asio::ip::address> client;  // none: nothing usable was forwarded
    bool https = false;
    std::string_view host;  // empty: none, or not a valid host
};

// Only to be asked when the peer is trusted. The client is the right-most address of
// X-Forwarded-For that is no trusted proxy: anything left of it may be the client's invention.
// Of X-Forwarded-Proto and -Host the right-most value counts, for the same reason.
Forwarded read_forwarded(std::span<const Header> headers, const TrustedProxies& proxies);

}  // namespace hw::net
