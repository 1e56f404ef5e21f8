// SPDX-License-Identifier: Apache-2.0
#include "core/setup.hpp"

#include "base/limits.hpp"
#include "tests/fixture/api_test.hpp"

namespace hw {
namespace {

class SetupApiTest : public ApiTest {
  protected:
    SetupApiTest() {
        token =
            db->write_now<std::string>(std::string(kOperator), [](Tx& tx) -> Result<std::string> {
                  return create_setup_token(tx);
              }).value();
    }
    Response show() { return send("GET", "/setup/" + token, "", {{"Authorization", ""}}); }
    Response post(const std::string& form) {
        return send("POST", "/setup/" + token, form,
                    {{"Authorization", ""}, {"Content-Type", "application/x-www-form-urlencoded"}});
    }
    // The text of the element with that id.
    static std::string element(const Response& page, const std::string& id) {
        const auto mark = "id=\"" + id + "\">";
        const auto begin = page.body.find(mark) + mark.size();
        return page.body.substr(begin, page.body.find('<', begin) - begin);
    }
    std::string slug() { return "web-" + workspace_id.substr(3); }
    std::string token;
};

TEST_P(SetupApiTest, AFormMakesAWorkspaceWhoseKeyWorks) {
    const auto page = show();
    EXPECT_EQ(page.status, 200);
    EXPECT_EQ(page.content_type, "text/html; charset=utf-8");
    EXPECT_TRUE(page.body.contains("<form method=\"post\">"));
    EXPECT_FALSE(page.body.contains("<script"));
    EXPECT_TRUE(header_of(page, "Content-Security-Policy").contains("default-src 'none'"));
    EXPECT_EQ(header_of(page, "Referrer-Policy"), "no-referrer");
    EXPECT_EQ(header_of(page, "Cache-Control"), "no-store");
    EXPECT_EQ(show().status, 200) << "looking at it does not use the link up";

    const auto made =
        post("name=Shop+%3Cb%3E&slug=" + slug() + "&currency=eur&domain=web." + domain);
    ASSERT_EQ(made.status, 200) << made.body;
    EXPECT_TRUE(made.body.contains("Shop &lt;b&gt;"));
    EXPECT_FALSE(made.body.contains("<b>"));
    EXPECT_TRUE(element(made, "publishable-key").starts_with("dub_pk_"));
    const Headers with_key = {{"Authorization", "Bearer " + element(made, "secret-key")}};
    const auto link = send("POST", "/links", R"({"url":"https://shop.example"})", with_key);
    ASSERT_EQ(link.status, 200) << link.body;
    EXPECT_EQ(json_of(link).at("domain").as_string(), "web." + domain);
}

TEST_P(SetupApiTest, TheLinkWorksOnce) {
    ASSERT_EQ(post("name=Shop&slug=" + slug() + "&currency=usd").status, 200);
    for (const auto& page : {show(), post("name=Shop&slug=" + slug() + "-2&currency=usd")}) {
        EXPECT_EQ(page.status, 410);
        EXPECT_EQ(page.content_type, "text/html; charset=utf-8");
        EXPECT_TRUE(page.body.contains("headwater keys setup-link"));
        EXPECT_FALSE(page.body.contains("<form"));
    }
}

TEST_P(SetupApiTest, OldAndUnknownLinksAreGone) {
    EXPECT_EQ(send("GET", "/setup/x").status, 410);
    EXPECT_EQ(send("GET", "/api/setup/%FF%00").status, 404);
    env.advance_ms(limits::kSetupTokenMs);
    EXPECT_EQ(show().status, 410);
    EXPECT_EQ(post("name=Shop&slug=" + slug() + "&currency=usd").status, 410);
}

TEST_P(SetupApiTest, ARefusedFormComesBackWithWhatWasTyped) {
    struct Row {
        std::string form;
        int status;
        std::string_view shown;
    };
    const auto taken = "shop-" + workspace_id.substr(3);
    const Row rows[] = {
        {"", 422, "Invalid name"},
        {"name=%22%3E%3Cscript%3E&slug=A+B&currency=usd", 422,
         "value=\"&quot;&gt;&lt;script&gt;\""},
        {"name=Shop&slug=" + slug() + "&currency=xxx", 422, "Invalid currency"},
        {"name=Shop&slug=" + taken + "&currency=usd", 409, "is already in use"},
        {"name=Shop&slug=" + slug() + "&currency=usd&domain=" + domain, 409, "is already in use"},
        {"name=%FF%00&slug=" + slug() + "&currency=usd", 422, "Invalid name"},
    };
    for (const auto& row : rows) {
        const auto page = post(row.form);
        EXPECT_EQ(page.status, row.status) << row.form;
        EXPECT_TRUE(page.body.contains(row.shown)) << page.body;
        EXPECT_TRUE(page.body.contains("<form"));
        EXPECT_FALSE(page.body.contains("<script"));
    }
    EXPECT_EQ(post("name=Shop&slug=" + slug() + "&currency=usd").status, 200);
}

HW_ON_BOTH_ENGINES(SetupApiTest);

}  // namespace
}  // namespace hw
