// SPDX-License-Identifier: Apache-2.0
#include "api/delete_domain.hpp"

#include "tests/fixture/track_api_test.hpp"

namespace hw {
namespace {

class DeleteDomainApiTest : public TrackApiTest {};

TEST_P(DeleteDomainApiTest, NobodyIsSentOnAnyMore) {
    make_link("x");
    const Headers visitor{{"Host", domain}, {"Authorization", ""}};
    EXPECT_EQ(send("GET", "/x", {}, visitor).status, 302);
    EXPECT_EQ(send("DELETE", "/domains/" + domain).body, "{\"slug\":\"" + domain + "\"}");
    EXPECT_EQ(send("GET", "/x", {}, visitor).status, 404);
    EXPECT_EQ(outcome(send("DELETE", "/domains/" + domain)), "404 Domain not found.");
}

HW_ON_BOTH_ENGINES(DeleteDomainApiTest);

}  // namespace
}  // namespace hw
