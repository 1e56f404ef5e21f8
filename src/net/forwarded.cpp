// SPDX-License-Identifier: Apache-2.0
#include "net/forwarded.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <ranges>

#include "base/ascii.hpp"
#include "base/limits.hpp"
#include "net/http_text.hpp"
#include "net/request_head.hpp"

namespace hw::net {
namespace {

using Address = boost::asio::ip::address;

template <class Bytes>
bool same_prefix(const Bytes& a, const Bytes& b, unsigned bits) {
    const auto whole = static_cast<std::ptrdiff_t>(bits / 8);
    if (!std::equal(a.begin(), a.begin() + whole, b.begin())) return false;
    const unsigned rest = bits % 8;
    if (rest == 0) return true;
    const unsigned difference = static_cast<unsigned>(a[bits / 8]) ^ b[bits / 8];
    return (difference >> (8 - rest)) == 0;
}

// "1.2.3.4", "1.2.3.4:5", "::1", "[::1]" or "[::1]:5".
std::optional<Address> parse_node(std::string_view text) {
    if (text.starts_with('[')) {
        const auto close = text.find(']');
        if (close == std::string_view::npos) return std::nullopt;
        text = text.substr(1, close - 1);
    } else if (std::ranges::count(text, ':') == 1) {
        text = text.substr(0, text.find(':'));
    }
    boost::system::error_code failed;
    const auto address = boost::asio::ip::make_address(std::string(text), failed);
    // A zone names an interface of some other machine.
    if (failed || text.find('%') != std::string_view::npos) return std::nullopt;
    return unmapped(address);
}

std::string_view last_value(std::span<const Header> headers, std::string_view name) {
    for (const auto& header : headers | std::views::reverse) {
        if (!equal_no_case(header.name, name)) continue;
        auto list = header.value;
        return take_last_element(list);
    }
    return {};
}

std::optional<Address> client_of(std::span<const Header> headers, const TrustedProxies& proxies) {
    std::optional<Address> nearest;
    std::size_t seen = 0;
    for (const auto& header : headers | std::views::reverse) {
        if (!equal_no_case(header.name, "X-Forwarded-For")) continue;
        auto list = header.value;
        while (!list.empty()) {
            const auto address = parse_node(take_last_element(list));
            // What stands left of something unreadable was not vouched for by anyone.
            if (!address.has_value() || ++seen > limits::kForwardedAddressesMax) return nearest;
            nearest = address;
            if (!proxies.trusts(*address)) return nearest;
        }
    }
    return nearest;
}

}  // namespace

Address unmapped(const Address& address) {
    if (!address.is_v6() || !address.to_v6().is_v4_mapped()) return address;
    return boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, address.to_v6());
}

Result<TrustedProxies::Network> TrustedProxies::parse_network(const std::string& text) {
    const auto slash = text.find('/');
    boost::system::error_code failed;
    const auto address = boost::asio::ip::make_address(text.substr(0, slash), failed);
    const unsigned bits_max = address.is_v4() ? 32 : 128;
    unsigned bits = bits_max;
    bool valid = !failed;
    if (slash != std::string::npos) {
        const char* const end = text.data() + text.size();
        const auto parsed = std::from_chars(text.data() + slash + 1, end, bits);
        valid = valid && parsed.ec == std::errc{} && parsed.ptr == end && bits <= bits_max;
    }
    if (!valid)
        return fail(ErrorCode::BadRequest,
                    fmt::format("The trusted proxy \"{}\" is not an address or a network. Write "
                                "for example 10.0.0.1, 10.0.0.0/8 or fd00::/8.",
                                text),
                    "bad_trusted_proxy");
    return Network{address, bits};
}

Result<TrustedProxies> TrustedProxies::parse(std::span<const std::string> texts) {
    TrustedProxies proxies;
    for (const auto& text : texts) proxies.networks_.push_back(HW_TRY(parse_network(text)));
    return proxies;
}

bool TrustedProxies::trusts(const Address& address) const {
    return std::ranges::any_of(networks_, [&](const Network& network) {
        if (network.address.is_v4() != address.is_v4()) return false;
        if (address.is_v4())
            return same_prefix(network.address.to_v4().to_bytes(), address.to_v4().to_bytes(),
                               network.prefix_bits);
        return same_prefix(network.address.to_v6().to_bytes(), address.to_v6().to_bytes(),
                           network.prefix_bits);
    });
}

Forwarded read_forwarded(std::span<const Header> headers, const TrustedProxies& proxies) {
    return {.client = client_of(headers, proxies),
            .https = equal_no_case(last_value(headers, "X-Forwarded-Proto"), "https"),
            .host = host_of_authority(last_value(headers, "X-Forwarded-Host"))};
}

}  // namespace hw::net
