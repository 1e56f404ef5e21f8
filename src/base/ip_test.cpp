// SPDX-License-Identifier: Apache-2.0
#include "base/ip.hpp"

#include <gtest/gtest.h>

#include <random>

namespace hw {
namespace {

using namespace std::string_view_literals;

TEST(IpAddress, IsReadAndWritten) {
    struct Row {
        std::string_view text;
        std::string_view expected;  // empty: no address
    };
    const Row rows[] = {
        {"1.2.3.4", "1.2.3.4"},
        {"255.255.255.255", "255.255.255.255"},
        {"::ffff:1.2.3.4", "1.2.3.4"},
        {"::FFFF:102:304", "1.2.3.4"},
        {"2001:DB8:0:0:0:0:0:1", "2001:db8::1"},
        {"::", "::"},
        {"::1", "::1"},
        {"::1.2.3.4", "::1.2.3.4"},
        {"64:ff9b::1.2.3.4", "64:ff9b::102:304"},
        {"", ""},
        {"1.2.3", ""},
        {"1.2.3.4.5", ""},
        {"1.2.3.256", ""},
        {"01.2.3.4", ""},
        {"0x7f.0.0.1", ""},
        {"2130706433", ""},
        {"1.2.3.4 ", ""},
        {" 1.2.3.4", ""},
        {"1.2.3.4:80", ""},
        {"1.2.3.4\0"sv, ""},
        {"[::1]", ""},
        {"::1%eth0", ""},
        {"fe80::1%1", ""},
        {":::", ""},
        {"1::2::3", ""},
        {"12345::", ""},
        {"localhost", ""},
        {"1111:2222:3333:4444:5555:6666:7777:8888:9999:0000:1111", ""},
    };
    for (const auto& row : rows) {
        const auto address = IpAddress::parse(row.text);
        EXPECT_EQ(address ? address->text() : "", row.expected) << row.text;
    }
}

TEST(IpAddress, TextIsReadBack) {
    const auto seed = std::random_device{}();
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    for (int i = 0; i < 1'000; ++i) {
        IpAddress::Bytes bytes{};
        for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random() % 3 == 0 ? random() : 0);
        const auto address = IpAddress::from_bytes(bytes);
        EXPECT_EQ(IpAddress::parse(address.text()), address) << address.text();
    }
}

TEST(AddressRange, Contains) {
    struct Row {
        std::string_view range;
        std::string_view address;
        bool expected;
    };
    const Row rows[] = {
        {"10.0.0.0/8", "10.255.1.2", true},
        {"10.0.0.0/8", "11.0.0.0", false},
        {"10.1.2.3/8", "10.9.9.9", true},
        {"10.0.0.0/8", "::ffff:10.1.1.1", true},
        {"::ffff:10.0.0.0/104", "10.1.1.1", true},
        {"172.16.0.0/12", "172.31.255.255", true},
        {"172.16.0.0/12", "172.32.0.0", false},
        {"0.0.0.0/0", "8.8.8.8", true},
        {"0.0.0.0/0", "::1", false},
        {"::/0", "2001:db8::1", true},
        {"::/0", "8.8.8.8", false},
        {"1.2.3.4", "1.2.3.4", true},
        {"1.2.3.4/32", "1.2.3.5", false},
        {"1.2.3.4/31", "1.2.3.5", true},
        {"2001:db8::/33", "2001:db8:7fff::", true},
        {"2001:db8::/33", "2001:db8:8000::", false},
        {"::1", "::1", true},
        {"::1/128", "::2", false},
    };
    for (const auto& row : rows) {
        const auto range = AddressRange::parse(row.range);
        const auto address = IpAddress::parse(row.address);
        ASSERT_TRUE(range && address) << row.range;
        EXPECT_EQ(range->contains(*address), row.expected) << row.range << ' ' << row.address;
    }
}

TEST(AddressRange, RefusesOtherTexts) {
    for (const auto text : {"", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8x",
                            "10.0.0.0/ 8", "10/8", "::/129", "::1/8/8", "10.0.0.0/+8", "x/8"}) {
        EXPECT_FALSE(AddressRange::parse(text).has_value()) << text;
    }
}

TEST(PublicAddress, IsAHostOnTheInternet) {
    struct Row {
        std::string_view address;
        bool expected;
    };
    const Row rows[] = {
        {"1.1.1.1", true},
        {"8.8.8.8", true},
        {"9.255.255.255", true},
        {"11.0.0.0", true},
        {"100.63.255.255", true},
        {"100.128.0.0", true},
        {"126.255.255.255", true},
        {"128.0.0.0", true},
        {"169.253.255.255", true},
        {"169.255.0.0", true},
        {"172.15.255.255", true},
        {"172.32.0.0", true},
        {"192.0.1.0", true},
        {"192.167.255.255", true},
        {"192.169.0.0", true},
        {"198.17.255.255", true},
        {"198.20.0.0", true},
        {"223.255.255.255", true},
        {"::ffff:8.8.8.8", true},
        {"2606:4700:4700::1111", true},
        {"2a00:1450:4001:82b::200e", true},
        {"2001:4860:4860::8888", true},
        {"2001:200::1", true},
        {"3ffe::1", true},
        {"0.0.0.0", false},
        {"0.1.2.3", false},
        {"10.0.0.1", false},
        {"10.255.255.255", false},
        {"100.64.0.1", false},
        {"100.127.255.255", false},
        {"127.0.0.1", false},
        {"127.255.255.254", false},
        {"169.254.169.254", false},
        {"172.16.0.1", false},
        {"172.31.255.255", false},
        {"192.0.0.8", false},
        {"192.0.2.1", false},
        {"192.88.99.1", false},
        {"192.168.0.1", false},
        {"192.168.255.255", false},
        {"198.18.0.1", false},
        {"198.19.255.255", false},
        {"198.51.100.7", false},
        {"203.0.113.7", false},
        {"224.0.0.1", false},
        {"239.255.255.255", false},
        {"240.0.0.1", false},
        {"255.255.255.255", false},
        {"::", false},
        {"::1", false},
        {"::127.0.0.1", false},
        {"::8.8.8.8", false},
        {"::ffff:127.0.0.1", false},
        {"::ffff:10.0.0.1", false},
        {"::ffff:169.254.169.254", false},
        {"::ffff:0:127.0.0.1", false},
        {"64:ff9b::7f00:1", false},
        {"64:ff9b::8.8.8.8", false},
        {"64:ff9b:1::1", false},
        {"100::1", false},
        {"2001::1", false},
        {"2001:0:4136:e378:8000:63bf:3fff:fdd2", false},
        {"2001:2::1", false},
        {"2001:10::1", false},
        {"2001:20::1", false},
        {"2001:db8::1", false},
        {"2002:7f00:1::1", false},
        {"2002:808:808::1", false},
        {"2002:c0a8:1::1", false},
        {"2002:ffff::", false},
        {"3fff::1", false},
        {"5f00::1", false},
        {"fc00::1", false},
        {"fd12:3456:789a::1", false},
        {"fe80::1", false},
        {"febf::1", false},
        {"fec0::1", false},
        {"ff02::1", false},
        {"ffff::1", false},
        {"", false},
        {"localhost", false},
        {"127.1", false},
        {"0x7f000001", false},
    };
    for (const auto& row : rows)
        EXPECT_EQ(is_public_address(row.address), row.expected) << row.address;
}

}  // namespace
}  // namespace hw
