// SPDX-License-Identifier: Apache-2.0
#include "api/update_domain.hpp"

#include "tests/fixture/track_api_test.hpp"

namespace hw {
namespace {

class UpdateDomainApiTest : public TrackApiTest {};

// The next visitor gets what was written, however often the old state was served.
TEST_P(UpdateDomainApiTest, VisitorsSeeItAtOnce) {
    const Headers visitor{{"Host", domain}, {"Authorization", ""}};
    EXPECT_EQ(send("GET", "/nothing", {}, visitor).status, 404);
    const auto answer = send("PATCH", "/domains/" + domain,
                             R"({"notFoundUrl": "shop.example/404", "assetLinks": "[]"})");
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(json_of(answer).at("notFoundUrl"), Json("https://shop.example/404"));
    EXPECT_EQ(send("GET", "/nothing", {}, visitor).status, 307);
    EXPECT_EQ(send("GET", "/.well-known/assetlinks.json", {}, visitor).body, "[]");
    EXPECT_EQ(send("PATCH", "/domains/" + domain, R"({"notFoundUrl": null})").status, 200);
    EXPECT_EQ(send("GET", "/nothing", {}, visitor).status, 404);
    EXPECT_EQ(send("PATCH", "/domains/" + domain).status, 200);
}

TEST_P(UpdateDomainApiTest, Refusals) {
    EXPECT_EQ(outcome(send("PATCH", "/domains/nobody.example", "{}")), "404 Domain not found.");
    EXPECT_EQ(send("PATCH", "/domains/" + domain, R"({"slug": "b.example"})").status, 422);
    EXPECT_EQ(send("PATCH", "/domains/" + domain, R"({"logo": "data:x"})").status, 422);
}

HW_ON_BOTH_ENGINES(UpdateDomainApiTest);

}  // namespace
}  // namespace hw
