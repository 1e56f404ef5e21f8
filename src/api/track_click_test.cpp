// SPDX-License-Identifier: Apache-2.0
#include "api/track_click.hpp"

#include <vector>

#include "base/id.hpp"
#include "tests/fixture/api_test.hpp"

namespace hw {
namespace {

class TrackClickTest : public ApiTest {
  protected:
    Response tell(const std::string& body, Headers headers = {}) {
        headers.emplace_back("Authorization", "");
        headers.emplace_back("User-Agent", "Mozilla/5.0 (X11; Linux x86_64) Firefox/128.0");
        return send("POST", "/track/click", body, headers);
    }
    std::string body_of(const std::string& key) {
        return R"({"domain":")" + domain + R"(","key":")" + key + R"("})";
    }
};

TEST_P(TrackClickTest, SameVisitorSameIdWithinTheHour) {
    make_link("sale");
    const auto first = tell(body_of("sale"));
    ASSERT_EQ(first.status, 200) << first.body;
    const auto object = json_of(first).as_object();
    EXPECT_EQ(object.size(), 1U);
    EXPECT_TRUE(is_click_id(std::string(object.at("clickId").as_string())));
    EXPECT_EQ(tell(body_of("sale")).body, first.body);
    client_ip = "192.0.2.77";
    EXPECT_NE(tell(body_of("sale")).body, first.body);
}

struct Case {
    std::string body;
    int status;
    std::string message;
};

TEST_P(TrackClickTest, Refusals) {
    const std::vector<Case> rows{
        {"{}", 422, "invalid_type: domain: domain is required."},
        {R"({"domain":"x.example"})", 422, "invalid_type: key: key is required."},
        {R"({"domain":"x.example","key":"k"})", 404,
         "Link not found for domain: x.example and key: k."},
        {"{", 400,
         "Invalid JSON format in request body. Please ensure the request body is a valid JSON "
         "object."},
    };
    for (const auto& row : rows) {
        const auto answer = tell(row.body);
        EXPECT_EQ(answer.status, row.status) << row.body;
        EXPECT_EQ(message_of(answer), row.message);
        EXPECT_EQ(header_of(answer, "Access-Control-Allow-Origin"), "*");
    }
}

TEST_P(TrackClickTest, AllowedHostnames) {
    const auto host = "go." + domain;
    ASSERT_TRUE(db->write_now<bool>("ws_careful", [&](Tx& tx) -> Result<bool> {
        Workspace careful;
        careful.workspace_id = "ws_careful";
        careful.slug = "careful";
        careful.name = "Careful";
        careful.allowed_hostnames = {"shop.example", "*.deep.example"};
        insert_workspace(tx, careful);
        return true;
    }));
    Link link;
    link.workspace_id = "ws_careful";
    link.link_id = "link_" + domain;
    link.domain = host;
    link.key = link.key_folded = "shop";
    link.url = "https://shop.example/";
    ASSERT_TRUE(db->write_now<bool>("ws_careful", [&](Tx& tx) -> Result<bool> {
        return insert_domain(tx, {.slug = host,
                                  .workspace_id = "ws_careful",
                                  .domain_id = "dom_" + domain,
                                  .primary = false,
                                  .created_at_ms = 0}) &&
               insert_link(tx, link);
    }));
    const std::vector<std::pair<std::string, int>> rows{
        {"https://shop.example/page", 200}, {"https://www.shop.example/page", 200},
        {"https://a.deep.example/", 200},   {"https://deep.example/", 403},
        {"https://evil.example/", 403},     {"", 403},
    };
    for (const auto& [referer, status] : rows) {
        Headers headers;
        if (!referer.empty()) headers.emplace_back("Referer", referer);
        EXPECT_EQ(tell(R"({"domain":")" + host + R"(","key":"shop"})", headers).status, status)
            << referer;
    }
}

HW_ON_BOTH_ENGINES(TrackClickTest);

}  // namespace
}  // namespace hw
