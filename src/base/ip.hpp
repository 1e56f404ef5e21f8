// SPDX-License-Identifier: Apache-2.0
// IP addresses: reading, comparing with ranges, and telling which ones the server may connect to.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hw {

// An IPv4 or IPv6 address. IPv4 inside IPv6 ("::ffff:1.2.3.4") is the IPv4 address.
class IpAddress {
  public:
    using Bytes = std::array<std::uint8_t, 16>;

    // The plain text form, without brackets, port or zone.
    static std::optional<IpAddress> parse(std::string_view text);

    // In network order; IPv4 addresses stand in ::ffff:0:0/96.
    static IpAddress from_bytes(const Bytes& bytes) { return IpAddress(bytes); }
    const Bytes& bytes() const { return bytes_; }

    bool is_v4() const;
    std::string text() const;  // canonical: "1.2.3.4", "2001:db8::1"

    bool operator==(const IpAddress&) const = default;

  private:
    explicit IpAddress(const Bytes& bytes) : bytes_(bytes) {}

    Bytes bytes_;
};

// A CIDR block. Ranges of one family never hold addresses of the other.
class AddressRange {
  public:
    // "10.0.0.0/8", "fd00::/8", or one address. Bits behind the prefix are ignored.
    static std::optional<AddressRange> parse(std::string_view text);

    bool contains(const IpAddress& address) const;

  private:
    AddressRange(const IpAddress& base, int prefix_bits) : base_(base), bits_(prefix_bits) {}

    IpAddress base_;
    int bits_;  // of the 128-bit form
};

// Whether the address is a host on the public internet. False for everything private, local,
// reserved or multicast, and for the IPv6 forms that carry an IPv4 address (6to4, Teredo, NAT64),
// because they would lead around this very check.
bool is_public_address(const IpAddress& address);
bool is_public_address(std::string_view text);  // false for what is no address

}  // namespace hw
