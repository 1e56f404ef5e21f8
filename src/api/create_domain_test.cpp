// SPDX-License-Identifier: Apache-2.0
#include "api/create_domain.hpp"

#include "tests/fixture/track_api_test.hpp"

namespace hw {
namespace {

class CreateDomainTest : public TrackApiTest {};

TEST_P(CreateDomainTest, AnswersTheWholeDomain) {
    const auto host = "new-" + std::to_string(env.random_64()) + ".example";
    const auto answer = post("/domains", {{"slug", host},
                                          {"expiredUrl", "https://shop.example/over"},
                                          {"notFoundUrl", nullptr},
                                          {"archived", false},
                                          {"placeholder", "https://shop.example/x"},
                                          {"assetLinks", "[{\"relation\": []}]"}});
    ASSERT_EQ(answer.status, 201) << answer.body;
    const auto body = json_of(answer);
    const std::vector<std::string> keys{"id",
                                        "slug",
                                        "verified",
                                        "primary",
                                        "archived",
                                        "placeholder",
                                        "expiredUrl",
                                        "notFoundUrl",
                                        "logo",
                                        "assetLinks",
                                        "appleAppSiteAssociation",
                                        "createdAt",
                                        "updatedAt",
                                        "registeredDomain"};
    EXPECT_EQ(keys_of(body), keys);
    EXPECT_EQ(body.at("slug"), Json(host));
    EXPECT_EQ(body.at("verified"), Json(false));
    EXPECT_EQ(body.at("expiredUrl"), Json("https://shop.example/over"));
    EXPECT_EQ(body.at("assetLinks"), Json("[{\"relation\": []}]"));
    // Until it is shown whose it is, its host is nobody's.
    EXPECT_EQ(send("GET", "/", {}, {{"Host", host}}).status, 404);
}

TEST_P(CreateDomainTest, Refusals) {
    struct Row {
        Object body;
        std::string expected;
    };
    const std::string invalid =
        "422 Invalid domain: give a host name alone, for example go.example.com.";
    const Row rows[] = {
        {{}, "422 invalid_type: slug: Invalid input: expected string, received undefined"},
        {{{"slug", ""}}, "422 too_small: slug: slug cannot be empty"},
        {{{"slug", "https://go.example"}}, invalid},
        {{{"slug", "go example"}}, invalid},
        {{{"slug", domain}},
         "409 The domain '" + domain + "' is already in use. Choose another one."},
        {{{"slug", "localhost"}},
         "409 The domain 'localhost' is this server's own. Choose another one."},
        {{{"slug", "a.example"}, {"expiredUrl", "javascript:x"}}, "422 Invalid destination URL"},
        {{{"slug", "a.example"}, {"assetLinks", "no json"}},
         "422 custom: assetLinks: Invalid JSON"},
        {{{"slug", "a.example"}, {"placeholder", std::string(256, 'x')}},
         "422 too_big: placeholder: Too big: expected string to have <=255 characters"},
        {{{"slug", "a.example"}, {"archived", "x"}},
         "422 invalid_type: archived: Invalid input: expected boolean, received string"},
    };
    for (const auto& row : rows) EXPECT_EQ(outcome(post("/domains", row.body)), row.expected);
}

TEST_P(CreateDomainTest, NoDomainIsRegisteredHere) {
    EXPECT_EQ(outcome(post("/domains/register", {{"domain", "my.link"}})),
              "403 This server is self-hosted and registers no domains. Register 'my.link' with a "
              "registrar of your choice, then add it with POST /domains.");
    EXPECT_EQ(post("/domains/register", {}).status, 422);
}

HW_ON_BOTH_ENGINES(CreateDomainTest);

}  // namespace
}  // namespace hw
