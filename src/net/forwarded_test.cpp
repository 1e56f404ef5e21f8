// SPDX-License-Identifier: Apache-2.0
#include "net/forwarded.hpp"

#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <vector>

#include "tests/echo_server.hpp"

namespace hw {
namespace {

using boost::asio::ip::make_address;

struct TrustRow {
    std::string proxies;  // separated by one space
    std::string address;
    bool trusted;
};

std::vector<std::string> words(const std::string& text) {
    std::vector<std::string> found;
    for (std::size_t at = 0; at < text.size();) {
        const auto end = std::min(text.find(' ', at), text.size());
        found.push_back(text.substr(at, end - at));
        at = end + 1;
    }
    return found;
}

TEST(TrustedProxies, MatchNetworks) {
    const std::vector<TrustRow> rows = {
        {"", "127.0.0.1", false},
        {"127.0.0.1", "127.0.0.1", true},
        {"127.0.0.1", "127.0.0.2", false},
        {"10.0.0.0/8", "10.255.1.2", true},
        {"10.0.0.0/8", "11.0.0.0", false},
        {"10.1.2.3/8", "10.9.9.9", true},  // bits after the prefix do not count
        {"192.168.4.0/22", "192.168.7.255", true},
        {"192.168.4.0/22", "192.168.8.0", false},
        {"192.168.4.0/31", "192.168.4.1", true},
        {"192.168.4.0/31", "192.168.4.2", false},
        {"192.168.4.0/32", "192.168.4.0", true},
        {"0.0.0.0/0", "8.8.8.8", true},
        {"0.0.0.0/0", "::1", false},
        {"::/0", "8.8.8.8", false},
        {"::/0", "2001:db8::1", true},
        {"::1", "::1", true},
        {"fd00::/8", "fdff::1", true},
        {"fd00::/8", "fe00::1", false},
        {"2001:db8::/33", "2001:db8:7fff::1", true},
        {"2001:db8::/33", "2001:db8:8000::1", false},
        {"2001:db8::/128", "2001:db8::", true},
        {"10.0.0.0/8 fd00::/8", "fd00::1", true},
        {"10.0.0.0/8", "::ffff:10.1.2.3", true},  // as a dual-stack listener names it
    };
    for (const auto& row : rows) {
        const auto proxies = net::TrustedProxies::parse(words(row.proxies));
        ASSERT_TRUE(proxies.has_value()) << row.proxies;
        EXPECT_EQ(proxies->trusts(net::unmapped(make_address(row.address))), row.trusted)
            << row.proxies << " and " << row.address;
    }
}

TEST(TrustedProxies, RefuseWhatIsNoNetwork) {
    for (const std::string text : {"", "localhost", "10.0.0", "10.0.0.0/33", "10.0.0.0/",
                                   "10.0.0.0/-1", "10.0.0.0/8x", "::/129", "10.0.0.0/8/8", "/8"}) {
        const auto proxies = net::TrustedProxies::parse(std::vector{text});
        ASSERT_FALSE(proxies.has_value()) << text;
        EXPECT_NE(proxies.error().message.find("\"" + text + "\""), std::string::npos);
    }
}

// What the service was told: client, scheme and host.
void tell_client(const Request& request, Reply reply) {
    reply(text_response(request.client_ip + (request.secure ? " https " : " http ") +
                        std::string(request.host)));
}

struct ForwardedRow {
    std::string name;
    std::string proxies;
    std::string headers;
    std::string expected;
};

void PrintTo(const ForwardedRow& row, std::ostream* out) {
    *out << row.name;
}

std::string xff(const std::string& value) {
    return "X-Forwarded-For: " + value + "\r\n";
}

std::vector<ForwardedRow> forwarded_rows() {
    const std::string own = "127.0.0.1";
    const std::string own_and_lan = "127.0.0.1 10.0.0.0/8 fd00::/8";
    return {
        {"NoProxyNoHeaders", "", "", "127.0.0.1 http a.example"},
        {"SpoofedClient", "", xff("1.2.3.4"), "127.0.0.1 http a.example"},
        {"SpoofedEverything", "10.0.0.0/8",
         xff("1.2.3.4") + "X-Forwarded-Proto: https\r\nX-Forwarded-Host: evil.example\r\n",
         "127.0.0.1 http a.example"},
        {"ProxyWithoutHeaders", own, "", "127.0.0.1 http a.example"},
        {"OneAddress", own, xff("1.2.3.4"), "1.2.3.4 http a.example"},
        {"SpoofedLeft", own, xff("6.6.6.6, 1.2.3.4"), "1.2.3.4 http a.example"},
        {"SpoofedLeftAsTrusted", own_and_lan, xff("10.1.1.1, 1.2.3.4"), "1.2.3.4 http a.example"},
        {"TwoProxies", own_and_lan, xff("6.6.6.6, 1.2.3.4, 10.0.0.7"), "1.2.3.4 http a.example"},
        {"ThreeProxies", own_and_lan, xff("6.6.6.6, 1.2.3.4, fd00::1, 10.0.0.7"),
         "1.2.3.4 http a.example"},
        {"UntrustedSecondProxy", own, xff("1.2.3.4, 10.0.0.7"), "10.0.0.7 http a.example"},
        {"AllTrusted", own_and_lan, xff("10.0.0.8, 10.0.0.7"), "10.0.0.8 http a.example"},
        {"TwoLines", own_and_lan, xff("6.6.6.6, 1.2.3.4") + xff("10.0.0.7"),
         "1.2.3.4 http a.example"},
        {"TwoLinesSpoofed", own, xff("6.6.6.6") + xff("1.2.3.4"), "1.2.3.4 http a.example"},
        {"NameInOtherCase", own, "x-forwarded-FOR: 1.2.3.4\r\n", "1.2.3.4 http a.example"},
        {"NoSpaces", own, xff("6.6.6.6,1.2.3.4"), "1.2.3.4 http a.example"},
        {"Port", own, xff("1.2.3.4:5678"), "1.2.3.4 http a.example"},
        {"Ipv6", own, xff("2001:DB8::0:1"), "2001:db8::1 http a.example"},
        {"Ipv6InBrackets", own, xff("[2001:db8::1]"), "2001:db8::1 http a.example"},
        {"Ipv6WithPort", own, xff("[2001:db8::1]:5678"), "2001:db8::1 http a.example"},
        {"Ipv4InIpv6", own, xff("::ffff:1.2.3.4"), "1.2.3.4 http a.example"},
        {"Ipv4InIpv6IsTrusted", own_and_lan, xff("1.2.3.4, ::ffff:10.0.0.7"),
         "1.2.3.4 http a.example"},
        {"Zone", own, xff("fe80::1%eth0"), "127.0.0.1 http a.example"},
        {"Junk", own, xff("unknown"), "127.0.0.1 http a.example"},
        {"JunkLeftOfProxy", own_and_lan, xff("1.2.3.4, unknown, 10.0.0.7"),
         "10.0.0.7 http a.example"},
        {"EmptyElement", own, xff("1.2.3.4,"), "127.0.0.1 http a.example"},
        {"EmptyElementBetween", own_and_lan, xff("1.2.3.4, , 10.0.0.7"), "10.0.0.7 http a.example"},
        {"EmptyHeader", own, xff(""), "127.0.0.1 http a.example"},
        {"OnlyCommas", own, xff(",,,"), "127.0.0.1 http a.example"},
        {"Octal", own, xff("010.0.0.1"), "127.0.0.1 http a.example"},
        {"Https", own, "X-Forwarded-Proto: https\r\n", "127.0.0.1 https a.example"},
        {"HttpsInOtherCase", own, "X-Forwarded-Proto: HTTPS\r\n", "127.0.0.1 https a.example"},
        {"Http", own, "X-Forwarded-Proto: http\r\n", "127.0.0.1 http a.example"},
        {"ProtoSpoofedLeft", own, "X-Forwarded-Proto: https, http\r\n", "127.0.0.1 http a.example"},
        {"ProtoSpoofedFirst", own, "X-Forwarded-Proto: https\r\nX-Forwarded-Proto: http\r\n",
         "127.0.0.1 http a.example"},
        {"Host", own, "X-Forwarded-Host: B.Example:8080\r\n", "127.0.0.1 http b.example"},
        {"HostSpoofedLeft", own, "X-Forwarded-Host: evil.example, b.example\r\n",
         "127.0.0.1 http b.example"},
        {"HostInvalid", own, "X-Forwarded-Host: b/c\r\n", "127.0.0.1 http a.example"},
        {"HostEmpty", own, "X-Forwarded-Host:\r\n", "127.0.0.1 http a.example"},
    };
}

class ForwardedTo : public testing::TestWithParam<ForwardedRow> {};

TEST_P(ForwardedTo, Service) {
    ServerOptions options;
    options.trusted_proxies = words(GetParam().proxies);
    RunningServer server(options, tell_client);
    auto client = server.client();
    client.send("GET / HTTP/1.1\r\nHost: A.Example.:99\r\n" + GetParam().headers + "\r\n");
    const auto answer = client.answer();
    ASSERT_TRUE(answer.has_value());
    EXPECT_EQ(answer->body, GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(Forwarded, ForwardedTo, testing::ValuesIn(forwarded_rows()),
                         [](const auto& row) { return row.param.name; });

// An endless list must not cost an endless walk, nor be believed.
TEST(Forwarded, StopsAfterManyProxies) {
    const auto proxies = net::TrustedProxies::parse(std::vector<std::string>{"10.0.0.0/8"});
    std::string list = "1.2.3.4";
    for (int i = 0; i < 100; ++i) list += ", 10.0.0." + std::to_string(i);
    const std::vector<Header> headers = {{"X-Forwarded-For", list}};
    EXPECT_EQ(net::read_forwarded(headers, *proxies).client, make_address("10.0.0.68"));
}

}  // namespace
}  // namespace hw
