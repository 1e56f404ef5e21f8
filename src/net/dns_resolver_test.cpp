// SPDX-License-Identifier: Apache-2.0
#include "net/dns_resolver.hpp"

#include <gtest/gtest.h>

#include <future>

#include "tests/peers/dns_server.hpp"

namespace hw {
namespace {

// What the resolver says, the records joined by "|"; "no answer" for an Error.
std::string ask(DnsResolver& resolver, const std::string& name, DnsRecord record) {
    std::promise<std::string> said;
    resolver.look_up(name, record, [&](Result<std::vector<std::string>> found) {
        std::string text = found ? "" : "no answer";
        if (found) {
            for (const auto& each : *found) text += each + "|";
        }
        said.set_value(text);
    });
    return said.get_future().get();
}

TEST(DnsResolver, ReadsTextsAndNames) {
    DnsServer server;
    server.add_txt("_headwater.go.example", "token");
    server.add_txt("_headwater.go.example", "v=spf1");
    server.add_txt("long.example", std::string(300, 'x'), 100);
    server.add_cname("go.example", "App.Example");
    SystemDnsResolver resolver({.server = server.address(), .timeout_seconds = 1});
    struct Row {
        std::string name;
        DnsRecord record;
        std::string expected;
    };
    const Row rows[] = {
        {"_headwater.go.example", DnsRecord::Txt, "token|v=spf1|"},
        {"long.example", DnsRecord::Txt, std::string(300, 'x') + "|"},
        {"go.example", DnsRecord::Cname, "app.example|"},
        {"go.example", DnsRecord::Txt, ""},
        {"nobody.example", DnsRecord::Cname, ""},
    };
    for (const auto& row : rows) EXPECT_EQ(ask(resolver, row.name, row.record), row.expected);
    server.set_silent(true);
    EXPECT_EQ(ask(resolver, "go.example", DnsRecord::Txt), "no answer");
    resolver.stop();
    EXPECT_EQ(ask(resolver, "go.example", DnsRecord::Txt), "no answer");
}

TEST(DnsResolver, ServersAreAddresses) {
    struct Row {
        std::string server;
        bool good;
    };
    const Row rows[] = {{"", true},
                        {"192.0.2.53", true},
                        {"127.0.0.1:5353", true},
                        {"127.0.0.1:0", false},
                        {"127.0.0.1:70000", false},
                        {"127.0.0.1:x", false},
                        {"dns.example", false},
                        {"::1", false}};
    for (const auto& row : rows) {
        EXPECT_EQ(SystemDnsResolver::check({.server = row.server}).has_value(), row.good)
            << row.server;
    }
}

}  // namespace
}  // namespace hw
