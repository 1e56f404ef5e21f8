// SPDX-License-Identifier: Apache-2.0
#include "base/ip.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <charconv>
#include <span>
#include <vector>

#include "base/fault.hpp"

namespace hw {
namespace {

constexpr std::array<std::uint8_t, 12> kMappedPrefix = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
constexpr int kMappedBits = 96;
constexpr int kAddressBits = 128;

// IANA special-purpose registries, and multicast. Everything else in IPv4 is public.
constexpr std::string_view kSpecialV4[] = {
    "0.0.0.0/8",        // this network
    "10.0.0.0/8",       // private
    "100.64.0.0/10",    // carrier-grade NAT
    "127.0.0.0/8",      // loopback
    "169.254.0.0/16",   // link-local, with the metadata services of clouds
    "172.16.0.0/12",    // private
    "192.0.0.0/24",     // protocol assignments
    "192.0.2.0/24",     // documentation
    "192.88.99.0/24",   // 6to4 relays
    "192.168.0.0/16",   // private
    "198.18.0.0/15",    // benchmarks
    "198.51.100.0/24",  // documentation
    "203.0.113.0/24",   // documentation
    "224.0.0.0/4",      // multicast
    "240.0.0.0/4",      // reserved, broadcast
};

// In IPv6 only 2000::/3 is public, except for these parts of it. Loopback, ULA, link-local,
// multicast, NAT64 and IPv4-compatible addresses stand outside.
constexpr std::string_view kPublicV6 = "2000::/3";
constexpr std::string_view kSpecialV6[] = {
    "2001::/23",      // protocol assignments: Teredo, benchmarks, ORCHID
    "2001:db8::/32",  // documentation
    "2002::/16",      // 6to4
    "3fff::/20",      // documentation
};

std::vector<AddressRange> parsed(std::span<const std::string_view> texts) {
    std::vector<AddressRange> ranges;
    for (const auto text : texts) {
        const auto range = AddressRange::parse(text);
        HW_ASSERT(range.has_value());
        ranges.push_back(*range);
    }
    return ranges;
}

bool within_any(const std::vector<AddressRange>& ranges, const IpAddress& address) {
    return std::ranges::any_of(ranges, [&](const auto& range) { return range.contains(address); });
}

}  // namespace

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
    // inet_pton wants a terminated text.
    std::array<char, INET6_ADDRSTRLEN> copy{};
    if (text.size() >= copy.size() || text.contains('\0')) return std::nullopt;
    std::ranges::copy(text, copy.begin());
    Bytes bytes{};
    if (inet_pton(AF_INET6, copy.data(), bytes.data()) == 1) return IpAddress(bytes);
    std::ranges::copy(kMappedPrefix, bytes.begin());
    if (inet_pton(AF_INET, copy.data(), bytes.data() + kMappedPrefix.size()) == 1) {
        return IpAddress(bytes);
    }
    return std::nullopt;
}

bool IpAddress::is_v4() const {
    return std::ranges::equal(std::span(bytes_).first(kMappedPrefix.size()), kMappedPrefix);
}

std::string IpAddress::text() const {
    std::array<char, INET6_ADDRSTRLEN> out{};
    const auto* const from = is_v4() ? bytes_.data() + kMappedPrefix.size() : bytes_.data();
    const auto size = static_cast<socklen_t>(out.size());
    HW_ASSERT(inet_ntop(is_v4() ? AF_INET : AF_INET6, from, out.data(), size) != nullptr);
    return out.data();
}

std::optional<AddressRange> AddressRange::parse(std::string_view text) {
    const auto slash = text.find('/');
    const auto base = IpAddress::parse(text.substr(0, slash));
    if (!base) return std::nullopt;
    if (slash == std::string_view::npos) return AddressRange(*base, kAddressBits);
    const auto digits = text.substr(slash + 1);
    int bits = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
    const bool whole = error == std::errc{} && end == digits.data() + digits.size();
    // "::ffff:10.0.0.0/104" counts its bits as IPv6 does.
    const bool short_form = base->is_v4() && !text.contains(':');
    const int most = short_form ? kAddressBits - kMappedBits : kAddressBits;
    if (!whole || bits < 0 || bits > most) return std::nullopt;
    return AddressRange(*base, short_form ? bits + kMappedBits : bits);
}

bool AddressRange::contains(const IpAddress& address) const {
    const bool range_is_v4 = base_.is_v4() && bits_ >= kMappedBits;
    if (range_is_v4 != address.is_v4()) return false;
    const auto whole = static_cast<std::size_t>(bits_ / 8);
    const auto& a = address.bytes();
    const auto& b = base_.bytes();
    if (!std::ranges::equal(std::span(a).first(whole), std::span(b).first(whole))) return false;
    if (bits_ % 8 == 0) return true;
    const auto mask = static_cast<std::uint8_t>(0xFF << (8 - bits_ % 8));
    return ((a[whole] ^ b[whole]) & mask) == 0;
}

bool is_public_address(const IpAddress& address) {
    static const auto special_v4 = parsed(kSpecialV4);
    static const auto special_v6 = parsed(kSpecialV6);
    static const auto public_v6 = parsed({&kPublicV6, 1});
    if (address.is_v4()) return !within_any(special_v4, address);
    return within_any(public_v6, address) && !within_any(special_v6, address);
}

bool is_public_address(std::string_view text) {
    const auto address = IpAddress::parse(text);
    return address && is_public_address(*address);
}

}  // namespace hw
