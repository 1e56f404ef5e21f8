// SPDX-License-Identifier: Apache-2.0
#include "api/track_visit.hpp"

#include "base/id.hpp"
#include "tests/fixture/track_api_test.hpp"

namespace hw {
namespace {

class TrackVisitTest : public TrackApiTest {
  protected:
    Response come(const Object& body, const Headers& more = {}) {
        Headers headers{{"Authorization", ""}, {"User-Agent", "Firefox"}};
        headers.insert(headers.end(), more.begin(), more.end());
        return post("/track/visit", body, headers);
    }
    static std::string id_of(const Response& response) {
        return std::string(json_of(response).at("clickId").as_string());
    }
};

TEST_P(TrackVisitTest, RecordsAPageview) {
    const auto link = make_link("blog");
    const auto root = make_link("_root");
    const auto page = "https://" + domain + "/Blog?x=1";
    const auto answer =
        come({{"domain", domain}, {"url", page}, {"referrer", "https://n.example/"}});
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(header_of(answer, "Access-Control-Allow-Origin"), "*");
    const auto kept = touch(id_of(answer));
    ASSERT_TRUE(kept.has_value());
    EXPECT_EQ(kept->link_id, link.link_id);
    EXPECT_EQ(kept->trigger, "pageview");
    EXPECT_EQ(kept->url, page);
    EXPECT_EQ(kept->referer, "n.example");
    EXPECT_EQ(id_of(come({{"domain", domain}, {"url", page}})), id_of(answer));
    EXPECT_EQ(totals(link).clicks, 1);
    const auto bare = come({{"domain", "https://www." + domain}, {"url", "https://shop.example"}});
    EXPECT_EQ(touch(id_of(bare))->link_id, root.link_id);
}

TEST_P(TrackVisitTest, Refusals) {
    struct Row {
        Object body;
        std::string expected;
    };
    const Row rows[] = {
        {{}, "400 Missing domain or url"},
        {{{"domain", domain}}, "400 Missing domain or url"},
        {{{"url", "https://shop.example/"}}, "400 Missing domain or url"},
        {{{"domain", 7}, {"url", "https://shop.example/"}}, "400 Missing domain or url"},
        {{{"domain", domain}, {"url", "shop"}}, "400 Missing domain or url"},
        {{{"domain", domain}, {"url", "https://shop.example/none"}},
         "404 Link not found for domain: " + domain + " and key: none."},
        {{{"domain", "other.example"}, {"url", "https://shop.example/"}},
         "404 Link not found for domain: other.example and key: _root."},
    };
    for (const auto& row : rows) EXPECT_EQ(outcome(come(row.body)), row.expected);
    const auto preflight = send("OPTIONS", "/track/visit");
    EXPECT_EQ(preflight.status, 204);
    EXPECT_EQ(header_of(preflight, "Access-Control-Allow-Methods"), "POST, OPTIONS");
    EXPECT_EQ(TrackApiTest::rows(), RowCounts{});
}

HW_ON_BOTH_ENGINES(TrackVisitTest);

}  // namespace
}  // namespace hw
