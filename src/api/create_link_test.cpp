// SPDX-License-Identifier: Apache-2.0
#include "store/partners.hpp"
#include "store/programs.hpp"
#include "tests/fixture/api_test.hpp"

namespace hw {
namespace {

class CreateLinkApiTest : public ApiTest {
  protected:
    Response create(std::string_view body, const Headers& headers = {}) {
        return send("POST", "/links", body, headers);
    }
    void enroll(const std::string& program_id, const std::string& partner_id) {
        const auto done = write([&](Tx& tx) -> Result<bool> {
            Program program;
            program.workspace_id = workspace_id;
            program.program_id = program.slug = program_id;
            Enrollment enrollment;
            enrollment.workspace_id = workspace_id;
            enrollment.program_id = program_id;
            enrollment.partner_id = enrollment.enrollment_id = partner_id;
            return insert_program(tx, program) && insert_enrollment(tx, enrollment);
        });
        ASSERT_TRUE(done && *done);
    }
};

TEST_P(CreateLinkApiTest, AnswersTheWholeLink) {
    enroll("prog_1", "pn_1");
    const auto made = create(R"({"url":"https://shop.example/?utm_source=news","key":"Sale",
        "externalId":"ext_7","tenantId":"t","programId":"prog_1","partnerId":"pn_1",
        "trackConversion":true,"comments":"c","expiresAt":"2027-01-31T12:00:00Z",
        "expiredUrl":"https://shop.example/over","title":"T","description":"D",
        "image":"https://shop.example/i.png","doIndex":true,"utm_medium":"mail"})");
    ASSERT_EQ(made.status, 200) << made.body;
    EXPECT_EQ(made.content_type, "application/json");
    auto link = json_of(made).as_object();
    EXPECT_TRUE(link.at("id").as_string().starts_with("link_"));
    link.erase("id");
    const auto short_link = "https://" + domain + "/Sale";
    const auto expected = boost::json::parse(R"({"key":"Sale",
        "url":"https://shop.example/?utm_source=news&utm_medium=mail","trackConversion":true,
        "externalId":"7","tenantId":"t","programId":"prog_1","partnerId":"pn_1","archived":false,
        "expiresAt":"2027-01-31T12:00:00.000Z","expiredUrl":"https://shop.example/over",
        "disabledAt":null,"password":null,"proxy":false,"title":"T","description":"D",
        "image":"https://shop.example/i.png","video":null,"rewrite":false,"doIndex":true,
        "ios":null,"android":null,"geo":null,"publicStats":false,"tags":[],"folderId":null,
        "comments":"c","utm_source":"news","utm_medium":"mail","utm_campaign":null,
        "utm_term":null,"utm_content":null,"testVariants":null,"testStartedAt":null,
        "testCompletedAt":null,"userId":null,"clicks":0,"leads":0,"conversions":0,"sales":0,
        "saleAmount":0,"lastClicked":null,"createdAt":"2026-09-21T14:13:20.000Z",
        "updatedAt":"2026-09-21T14:13:20.000Z","tagId":null,"webhookIds":[],"identifier":null,
        "linkRetentionCleanupDisabledAt":null})");
    auto rest = expected.as_object();
    rest["domain"] = domain;
    rest["shortLink"] = short_link;
    rest["qrCode"] = "https://headwater.example/qr?url=" + short_link + "?qr=1";
    rest["workspaceId"] = workspace_id;
    rest["projectId"] = workspace_id.substr(3);
    EXPECT_EQ(link, rest);
}

TEST_P(CreateLinkApiTest, EveryFieldComesBack) {
    const std::string tag(
        json_of(send("POST", "/tags", R"({"name":"news","color":"red"})")).at("id").as_string());
    const std::string folder(
        json_of(send("POST", "/folders", R"({"name":"Spring"})")).at("id").as_string());
    const auto made = create(R"({"url":"https://shop.example","password":"p","proxy":true,
        "video":"https://shop.example/v.mp4","rewrite":true,"ios":"https://ios.example",
        "android":"market://details?id=a","geo":{"DE":"shop.example/de"},"publicStats":true,
        "trackConversion":true,"testVariants":[{"url":"https://a.example","percentage":40},
        {"url":"b.example","percentage":60}],"testStartedAt":"2026-01-01",
        "testCompletedAt":"2027-01-01T00:00:00Z","tagNames":["NEWS"],"folderId":")" +
                             folder + "\"}");
    ASSERT_EQ(made.status, 200) << made.body;
    const auto link = json_of(made).as_object();
    const auto expected = boost::json::parse(R"({"password":"p","proxy":true,
        "video":"https://shop.example/v.mp4","rewrite":true,"ios":"https://ios.example",
        "android":"market://details?id=a","geo":{"DE":"https://shop.example/de"},
        "publicStats":true,"testVariants":[{"url":"https://a.example","percentage":40},
        {"url":"https://b.example","percentage":60}],"testStartedAt":"2026-01-01T00:00:00.000Z",
        "testCompletedAt":"2027-01-01T00:00:00.000Z"})");
    for (const auto& [name, value] : expected.as_object()) EXPECT_EQ(link.at(name), value) << name;
    EXPECT_EQ(link.at("folderId").as_string(), folder);
    EXPECT_EQ(link.at("tagId").as_string(), tag);
    EXPECT_EQ(boost::json::serialize(link.at("tags")),
              R"([{"id":")" + tag + R"(","name":"news","color":"red"}])");
    const std::string path = "/links/" + std::string(link.at("id").as_string());
    EXPECT_EQ(json_of(send("GET", path)), link);
    // Null and empty clear, and what is not said stays.
    const auto cleared = send("PATCH", path, R"({"password":null,"geo":null,"testVariants":null,
        "folderId":null,"tagIds":[],"ios":""})");
    ASSERT_EQ(cleared.status, 200) << cleared.body;
    const auto after = json_of(cleared).as_object();
    for (const auto* name : {"password", "geo", "testVariants", "folderId", "tagId", "ios"}) {
        EXPECT_TRUE(after.at(name).is_null()) << name;
    }
    EXPECT_EQ(after.at("android"), link.at("android"));
    EXPECT_EQ(after.at("tags").as_array().size(), 0U);
}

// As the clients of the known API send it: every field with its default.
TEST_P(CreateLinkApiTest, DefaultsPass) {
    const auto made = create(R"({"url":"https://shop.example","tagIds":[],"tagNames":"",
        "tagId":null,"folderId":null,"password":null,"proxy":false,"video":null,"rewrite":false,
        "ios":null,"android":null,"geo":null,"ref":null,"testVariants":null,"testStartedAt":null,
        "testCompletedAt":null,"publicStats":false,"webhookIds":null,"externalId":null,
        "utm_source":null,"expiresAt":null,"key":"","unheard":{"of":1}})");
    ASSERT_EQ(made.status, 200) << made.body;
    EXPECT_EQ(json_of(made).at("key").as_string().size(), 7U);
    EXPECT_EQ(json_of(made).at("url").as_string(), "https://shop.example");
}

TEST_P(CreateLinkApiTest, CampaignFieldsGoIntoTheUrl) {
    struct Row {
        std::string fields;
        std::string_view url;
    };
    const Row rows[] = {
        {"", "https://shop.example/?utm_source=old"},
        {R"(,"utm_source":null)", "https://shop.example/?utm_source=old"},
        {R"(,"utm_source":"")", "https://shop.example/"},
        {R"(,"utm_source":"new","ref":"r")", "https://shop.example/?utm_source=new&ref=r"},
    };
    for (const auto& row : rows) {
        const auto made =
            create(R"({"url":"https://shop.example/?utm_source=old")" + row.fields + "}");
        ASSERT_EQ(made.status, 200) << made.body;
        EXPECT_EQ(json_of(made).at("url").as_string(), row.url) << row.fields;
    }
}

TEST_P(CreateLinkApiTest, RefusesInTheKnownWords) {
    make_link("taken");
    const auto with = [](std::string_view rest) {
        return R"({"url":"https://shop.example",)" + std::string(rest) + "}";
    };
    struct Row {
        std::string body;
        int status;
        std::string message;
    };
    const Row rows[] = {
        {"{}", 400, "Missing destination URL"},
        {R"({"url":""})", 400, "Missing destination URL"},
        {R"({"url":"no url"})", 422, "Invalid destination URL"},
        {R"({"url":null})", 422,
         "invalid_type: url: Invalid input: expected string, received null"},
        {R"x({"url":"javascript:alert(1)"})x", 422, "Invalid destination URL"},
        {with(R"("domain":"nobody.example")"), 403, "Domain does not belong to workspace."},
        {with(R"("key":"TAKEN")"), 409, "Duplicate key: This short link already exists."},
        {with(R"("key":"a b")"), 422, "Invalid key."},
        {with(R"("key":5)"), 422,
         "invalid_type: key: Invalid input: expected string, received number"},
        {with(R"("keyLength":2)"), 422,
         "too_small: keyLength: Too small: expected number to be >=3"},
        {with(R"("keyLength":191)"), 422,
         "too_big: keyLength: Too big: expected number to be <=190"},
        {with(R"("externalId":"")"), 422,
         "too_small: externalId: Too small: expected string to have >=1 characters"},
        {with(R"("tenantId":")" + std::string(256, 't') + "\""), 422,
         "too_big: tenantId: Too big: expected string to have <=255 characters"},
        {with(R"("trackConversion":"yes")"), 422,
         "invalid_type: trackConversion: Invalid input: expected boolean, received string"},
        {with(R"("expiresAt":"next week")"), 422,
         "Invalid expiration date. Write expiresAt in ISO 8601 (RFC 3339), for example "
         "2027-01-31T12:00:00Z."},
        {with(R"("tagIds":["tag_1","tag_2"])"), 422, "Invalid tagIds detected: tag_1, tag_2"},
        {with(R"("tagNames":"none")"), 422, "Invalid tagNames detected: none"},
        {with(R"("folderId":"fold_1")"), 404, "Folder not found."},
        {with(R"x("geo":{"DE":"javascript:alert(1)"})x"), 422, "Invalid geo.DE URL"},
        {with(R"x("ios":"javascript:alert(1)")x"), 422, "Invalid ios URL"},
        {with(R"("android":"no url")"), 422, "Invalid android URL"},
        {with(R"("expiredUrl":"data:x")"), 422, "Invalid expired URL."},
        {with(R"("video":"mailto:a@b.example")"), 422,
         "Invalid video: give the URL of a film, beginning with https://."},
        {with(R"("testVariants":[{"url":"data:x","percentage":50},
            {"url":"https://b.example","percentage":50}],"trackConversion":true)"),
         422, "Invalid testVariants[0] URL"},
        {with(R"("testVariants":[{"url":"https://a.example","percentage":50},
            {"url":"https://b.example","percentage":50}])"),
         422, "Conversion tracking must be enabled to use A/B testing."},
        {with(R"("testCompletedAt":"soon")"), 422,
         "Invalid testCompletedAt. Write testCompletedAt in ISO 8601 (RFC 3339), for example "
         "2027-01-31T12:00:00Z."},
        {with(R"("webhookIds":["wh_1"])"), 422,
         "invalid_value: webhookIds: not supported by this server; leave it out or send null"},
        {"[]", 422, "invalid_type: : Invalid input: expected object, received array"},
        {"{", 400,
         "Invalid JSON format in request body. Please ensure the request body is a valid JSON "
         "object."},
    };
    for (const auto& row : rows) {
        const auto answer = create(row.body);
        EXPECT_EQ(answer.status, row.status) << row.body;
        ASSERT_GE(answer.status, 400) << row.body;
        EXPECT_EQ(message_of(answer), row.message) << row.body;
    }
}

TEST_P(CreateLinkApiTest, PathsOfTheApiAreNoKeysOnItsOwnHosts) {
    const auto refused = [&](const std::string& key) {
        return create(R"({"url":"https://shop.example","key":")" + key + "\"}").status;
    };
    EXPECT_EQ(refused("Track/a"), 200);
    restart({.app_hosts = {"localhost", domain}, .public_url = ""});
    for (const auto* key : {"links", "Links/x", "api", "API/links", "metrics", "setup"}) {
        EXPECT_EQ(refused(key), 403) << key;
    }
    EXPECT_EQ(refused("linksx"), 200);
    const auto moved = send("PATCH", "/links/" + make_link("free").link_id, R"({"key":"livez"})");
    EXPECT_EQ(moved.status, 403);
    EXPECT_TRUE(message_of(moved).starts_with("The key 'livez' is reserved"));
}

TEST_P(CreateLinkApiTest, NeedsTheScope) {
    const auto with_scopes = [&](std::string_view scopes) {
        return create(R"({"url":"https://shop.example"})",
                      {{"Authorization", "Bearer " + make_api_key(scopes)}})
            .status;
    };
    EXPECT_EQ(with_scopes("links.write"), 200);
    EXPECT_EQ(with_scopes("links.read"), 403);
    EXPECT_EQ(with_scopes("apis.read"), 403);
}

TEST_P(CreateLinkApiTest, AnIdempotencyKeyMakesOneLink) {
    const Headers once = {{"Idempotency-Key", "order-1"}};
    const auto first = create(R"({"url":"https://shop.example"})", once);
    const auto second = create(R"({"url":"https://shop.example"})", once);
    ASSERT_EQ(first.status, 200);
    EXPECT_EQ(first.body, second.body);
    EXPECT_EQ(header_of(second, "Idempotent-Replayed"), "true");
    // A refusal is not kept: the next request may do better.
    const Headers other = {{"Idempotency-Key", "order-2"}};
    EXPECT_EQ(create("{}", other).status, 400);
    EXPECT_EQ(create(R"({"url":"https://shop.example"})", other).status, 200);
    const Headers long_key = {{"Idempotency-Key", std::string(256, 'k')}};
    EXPECT_EQ(create(R"({"url":"https://shop.example"})", long_key).status, 400);
}

// The look-up that found nothing is remembered; the new link must be found all the same.
TEST_P(CreateLinkApiTest, TheLinkRedirectsAtOnceAndNoLongerThanItExists) {
    const Headers visit = {{"Host", domain}, {"Authorization", ""}};
    EXPECT_EQ(send("GET", "/now", "", visit).status, 404);
    const auto made = create(R"({"url":"https://shop.example/a","key":"Now"})");
    ASSERT_EQ(made.status, 200);
    const std::string id(json_of(made).at("id").as_string());
    EXPECT_EQ(header_of(send("GET", "/now", "", visit), "Location"), "https://shop.example/a");
    ASSERT_EQ(send("PATCH", "/links/" + id, R"({"url":"https://shop.example/b"})").status, 200);
    EXPECT_EQ(header_of(send("GET", "/now", "", visit), "Location"), "https://shop.example/b");
    ASSERT_EQ(send("DELETE", "/links/" + id).status, 200);
    EXPECT_EQ(send("GET", "/now", "", visit).status, 404);
}

HW_ON_BOTH_ENGINES(CreateLinkApiTest);

}  // namespace
}  // namespace hw
