// SPDX-License-Identifier: Apache-2.0
#include "api/track_log.hpp"

#include "base/civil_time.hpp"
#include "tests/fixture/track_api_test.hpp"

namespace hw {
namespace {

class TrackLogTest : public TrackApiTest {};

TEST_P(TrackLogTest, NewestFirstWithEveryKey) {
    EXPECT_EQ(send("GET", "/track/log").body, "[]");
    const auto at = env.now_ms();
    sale({{"customerExternalId", "u"}, {"amount", 5}});
    env.advance_ms(1);
    send("POST", "/api/track/lead", "{");
    const auto list = json_of(send("GET", "/track/log"));
    const auto& entries = list.as_array();
    ASSERT_EQ(entries.size(), 2U);
    EXPECT_EQ(keys_of(entries[0]),
              (std::vector<std::string>{"id", "at", "method", "path", "status", "reason",
                                        "conversionId", "requestId", "request", "response"}));
    EXPECT_EQ(entries[0].at("path").as_string(), "/api/track/lead");
    EXPECT_EQ(entries[0].at("status").as_int64(), 400);
    EXPECT_EQ(entries[0].at("reason").as_string(), "invalid_json");
    EXPECT_TRUE(entries[0].at("conversionId").is_null());
    EXPECT_EQ(entries[0].at("request").as_string(), "{");

    const auto& orphan = entries[1];
    EXPECT_EQ(orphan.at("at").as_string(), time_text(at));
    EXPECT_EQ(orphan.at("method").as_string(), "POST");
    EXPECT_EQ(orphan.at("reason").as_string(), "no_customer_and_no_click");
    EXPECT_EQ(orphan.at("requestId").as_string(), "test-request");
    EXPECT_EQ(orphan.at("request").as_string(), R"({"customerExternalId":"u","amount":5})");
    EXPECT_EQ(orphan.at("response").as_string(),
              R"({"eventName":"Purchase","customer":null,"sale":null})");
    // The conversion can be explained from here.
    const std::string id(orphan.at("conversionId").as_string());
    EXPECT_EQ(send("GET", "/conversions/" + id + "/explain").status, 200);
}

TEST_P(TrackLogTest, Pages) {
    for (int i = 0; i < 5; ++i) {
        sale({{"customerExternalId", "u" + std::to_string(i)}, {"amount", 5}});
        env.advance_ms(1);
    }
    struct Row {
        std::string query;
        std::string expected;  // the numbers of the customers, or the refusal
    };
    const Row rows[] = {
        {"", "43210"},
        {"?pageSize=2", "43"},
        {"?pageSize=2&page=2", "21"},
        {"?pageSize=2&page=3", "0"},
        {"?pageSize=2&page=4", ""},
        {"?page=0", "422 too_small: page: Page must be greater than 0."},
        {"?page=x", "422 invalid_type: page: Page must be a number."},
        {"?pageSize=101", "422 too_big: pageSize: Max page size is 100."},
        {"?page=1000", ""},
    };
    for (const auto& row : rows) {
        const auto response = send("GET", "/track/log" + row.query);
        std::string found;
        if (response.status != 200) {
            found = outcome(response);
            EXPECT_EQ(response.content_type, "application/problem+json");
        } else {
            const auto entries = json_of(response);
            for (const auto& entry : entries.as_array()) {
                const auto request = entry.at("request").as_string();
                found += request[request.find("\"u") + 2];
            }
        }
        EXPECT_EQ(found, row.expected) << row.query;
    }
}

TEST_P(TrackLogTest, IsOfTheWorkspaceAlone) {
    sale({{"customerExternalId", "u"}, {"amount", 5}});
    const auto other_id = workspace_id + "_other";
    const auto other_key = "dub_" + random_text(24, env);
    const auto made = db->write_now<bool>(other_id, [&](Tx& tx) -> Result<bool> {
        Workspace other;
        other.workspace_id = other_id;
        other.slug = "other-" + workspace_id;
        return insert_workspace(tx, other) && insert_api_key(tx, {.key_hash = sha256_hex(other_key),
                                                                  .workspace_id = other_id,
                                                                  .api_key_id = tx.new_id("key_"),
                                                                  .name = "Other",
                                                                  .display = "dub_...",
                                                                  .scopes = "apis.all",
                                                                  .created_at_ms = 0,
                                                                  .expires_at_ms = std::nullopt});
    });
    ASSERT_TRUE(made && *made);
    EXPECT_EQ(send("GET", "/track/log", {}, {{"Authorization", "Bearer " + other_key}}).body, "[]");
}

HW_ON_BOTH_ENGINES(TrackLogTest);

}  // namespace
}  // namespace hw
