// SPDX-License-Identifier: Apache-2.0
#include "api/verify_domain.hpp"

#include <map>

#include "base/dns.hpp"
#include "tests/fixture/track_api_test.hpp"

namespace hw {
namespace {

class FakeResolver final : public DnsResolver {
  public:
    void look_up(std::string name, DnsRecord record, Found found) override {
        if (broken) return found(fail(ErrorCode::Unavailable, "No answer.", "dns_no_answer"));
        if (record == DnsRecord::Txt) return found(texts[name]);
        found(names[name]);
    }
    std::map<std::string, std::vector<std::string>> texts;
    std::map<std::string, std::vector<std::string>> names;
    bool broken = false;
};

class VerifyDomainApiTest : public TrackApiTest {
  protected:
    VerifyDomainApiTest() {
        restart({.app_hosts = {"localhost", "app.example"}, .resolver = &resolver});
        EXPECT_EQ(post("/domains", {{"slug", host}}).status, 201);
    }
    Response verify(const std::string& slug) { return send("GET", "/domains/" + slug + "/verify"); }

    FakeResolver resolver;
    const std::string host = "proof-" + std::to_string(env.random_64()) + ".example";
};

TEST_P(VerifyDomainApiTest, TheRecordOpensTheDomain) {
    const auto asked = verify(host);
    ASSERT_EQ(asked.status, 200) << asked.body;
    const auto txt = json_of(asked).at("txt");
    EXPECT_EQ(json_of(asked).at("verified"), Json(false));
    EXPECT_EQ(txt.at("name"), Json("_headwater." + host));
    EXPECT_EQ(json_of(asked).at("cname"), Json("localhost"));

    const Headers visitor{{"Host", host}, {"Authorization", ""}};
    post("/links", {{"url", "https://shop.example/"}, {"domain", host}, {"key", "x"}});
    EXPECT_EQ(send("GET", "/x", {}, visitor).status, 404);
    resolver.texts["_headwater." + host] = {std::string(txt.at("value").as_string())};
    EXPECT_EQ(json_of(verify(host)).at("verified"), Json(true));
    EXPECT_EQ(send("GET", "/x", {}, visitor).status, 302);
    resolver.texts.clear();
    EXPECT_EQ(json_of(verify(host)).at("verified"), Json(true));
}

TEST_P(VerifyDomainApiTest, ACnameToTheServerIsEnough) {
    resolver.names[host] = {"app.example"};
    EXPECT_EQ(json_of(verify(host)).at("verified"), Json(true));
}

TEST_P(VerifyDomainApiTest, Refusals) {
    EXPECT_EQ(outcome(verify("nobody.example")), "404 Domain not found.");
    EXPECT_EQ(outcome(verify("a%20b")), "404 Domain not found.");
    resolver.broken = true;
    EXPECT_EQ(outcome(verify(host)), "503 No answer.");
    restart({});
    EXPECT_EQ(outcome(verify(host)), "503 This server resolves no names.");
}

HW_ON_BOTH_ENGINES(VerifyDomainApiTest);

}  // namespace
}  // namespace hw
