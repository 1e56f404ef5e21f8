// SPDX-License-Identifier: Apache-2.0
// No key reaches another workspace: every route is asked for every kind of id of a stranger, and
// must answer as for an id that nobody has. A route without a row here fails the test.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <span>

#include "api/routes.hpp"
#include "base/id.hpp"
#include "store/jobs.hpp"
#include "store/repairs.hpp"
#include "tests/fixture/tenant_rows.hpp"
#include "tests/fixture/track_api_test.hpp"
#include "tests/fixture/with_program.hpp"

namespace hw {
namespace {

using Row = TenantRow;

const std::vector<std::string_view> kLink = {"link", "ext_link"};

// Those whose routes are not there yet are passed over, and wait for them.
const Row kRows[] = {
    // First, because what is told below makes conversions of our own.
    {"GET /conversions/{}/explain", "/conversions/{id}/explain", "", {"conversion", "invoice"}},
    {"GET /conversions/{}/journey", "/conversions/{id}/journey", "", {"conversion", "invoice"}},
    {"GET /admin/diagnose-sale", "/admin/diagnose-sale?conversionId={id}", "", {"conversion"}},
    {"GET /admin/diagnose-sale", "/admin/diagnose-sale?invoiceId={id}", "", {"invoice"}},
    {"POST /track/lead",
     "/track/lead",
     R"({"clickId":"{id}","eventName":"x","customerExternalId":"mine"})",
     {"click"}},
    {"POST /track/lead",
     "/track/lead",
     R"({"clickId":"","eventName":"x","customerExternalId":"{id}"})",
     {"customer_name"},
     400},
    {"POST /track/lead/client",
     "/track/lead/client",
     R"({"clickId":"{id}","eventName":"x","customerExternalId":"mine"})",
     {"click"}},
    {"POST /track/lead/client",
     "/track/lead/client",
     R"({"clickId":"","eventName":"x","customerExternalId":"{id}"})",
     {"customer_name"},
     400},
    {"POST /track/sale",
     "/track/sale",
     R"({"clickId":"{id}","amount":5,"customerExternalId":"mine"})",
     {"click"}},
    {"POST /track/sale",
     "/track/sale",
     R"({"amount":5,"customerExternalId":"{id}"})",
     {"customer_name"},
     200},
    {"POST /track/sale",
     "/track/sale",
     R"({"amount":5,"customerExternalId":"mine","invoiceId":"{id}"})",
     {"invoice"},
     200},
    {"POST /track/sale/client",
     "/track/sale/client",
     R"({"clickId":"{id}","amount":5,"customerExternalId":"mine"})",
     {"click"}},
    {"POST /track/sale/client",
     "/track/sale/client",
     R"({"amount":5,"customerExternalId":"{id}","invoiceId":"i"})",
     {"customer_name"},
     200},

    {"POST /links",
     "/links",
     R"({"url":"https://shop.example/","domain":"{id}"})",
     {"domain"},
     403},
    {"POST /links",
     "/links",
     R"({"url":"https://shop.example/","folderId":"{id}"})",
     {"folder"},
     kAny},
    {"POST /links",
     "/links",
     R"({"url":"https://shop.example/","tagIds":["{id}"]})",
     {"tag"},
     kAny},
    {"GET /links", "/links?startingAfter={id}", "", {"link"}, 422},
    {"GET /links", "/links?endingBefore={id}", "", {"link"}, 422},
    {"GET /links", "/links?domain={id}", "", {"domain"}, 200},
    {"GET /links", "/links?tagId={id}", "", {"tag"}, kAny},
    {"GET /links", "/links?folderId={id}", "", {"folder"}, kAny},
    {"GET /links/info", "/links/info?linkId={id}", "", {"link"}},
    {"GET /links/info", "/links/info?externalId={id}", "", {"ext_link"}},
    {"GET /links/info", "/links/info?key=theirs&domain={id}", "", {"domain"}},
    {"GET /links/{}", "/links/{id}", "", kLink},
    {"PATCH /links/{}", "/links/{id}", R"({"title":"mine"})", kLink},
    {"PUT /links/{}", "/links/{id}", R"({"title":"mine"})", kLink},
    {"DELETE /links/{}", "/links/{id}", "", kLink},
    {"GET /links/count", "/links/count?domain={id}", "", {"domain"}, kAny},
    {"GET /links/count", "/links/count?folderId={id}", "", {"folder"}, kAny},
    {"GET /links/export", "/links/export?format=ndjson&domain={id}", "", {"domain"}, kAny},
    {"GET /links/export", "/links/export?tagId={id}", "", {"tag"}, kAny},
    {"GET /links/export", "/links/export?folderId={id}", "", {"folder"}, kAny},
    {"GET /links/exists", "/links/exists?key=theirs&domain={id}", "", {"domain"}, kAny},
    {"PUT /links/upsert",
     "/links/upsert",
     R"({"url":"https://theirs.example/","domain":"{id}"})",
     {"domain"},
     403},
    {"POST /links/bulk",
     "/links/bulk",
     R"([{"url":"https://shop.example/","domain":"{id}"}])",
     {"domain"},
     kAny},
    {"POST /links/import",
     "/links/import",
     R"([{"url":"https://shop.example/","domain":"{id}"}])",
     {"domain"},
     kAny},
    {"POST /links/import",
     "/links/import",
     R"([{"url":"https://shop.example/","folderId":"{id}"}])",
     {"folder"},
     kAny},
    {"POST /links/import",
     "/links/import",
     R"([{"url":"https://shop.example/","tagIds":["{id}"]}])",
     {"tag"},
     kAny},
    {"PATCH /links/bulk",
     "/links/bulk",
     R"({"linkIds":["{id}"],"data":{"title":"mine"}})",
     {"link"},
     kAny},
    {"PATCH /links/bulk",
     "/links/bulk",
     R"({"externalIds":["{id}"],"data":{"title":"mine"}})",
     {"ext_link"},
     kAny},
    {"DELETE /links/bulk", "/links/bulk?linkIds={id}", "", kLink, kAny},

    {"GET /tags", "/tags?ids={id}", "", {"tag"}, kAny},
    {"PATCH /tags/{}", "/tags/{id}", R"({"name":"mine"})", {"tag"}},
    {"PUT /tags/{}", "/tags/{id}", R"({"name":"mine"})", {"tag"}},
    {"DELETE /tags/{}", "/tags/{id}", "", {"tag"}},
    {"GET /folders/{}", "/folders/{id}", "", {"folder"}},
    {"PATCH /folders/{}", "/folders/{id}", R"({"name":"mine"})", {"folder"}},
    {"PUT /folders/{}", "/folders/{id}", R"({"name":"mine"})", {"folder"}},
    {"DELETE /folders/{}", "/folders/{id}", "", {"folder"}},
    {"GET /domains/{}", "/domains/{id}", "", {"domain"}},
    {"PATCH /domains/{}",
     "/domains/{id}",
     R"({"placeholder":"https://mine.example/"})",
     {"domain"}},
    {"PUT /domains/{}", "/domains/{id}", R"({"placeholder":"https://mine.example/"})", {"domain"}},
    {"DELETE /domains/{}", "/domains/{id}", "", {"domain"}},
    {"GET /domains/{}/verify", "/domains/{id}/verify", "", {"domain"}},

    {"GET /customers", "/customers?externalId={id}", "", {"customer_name"}, kAny},
    {"GET /customers", "/customers?linkId={id}", "", {"link"}, kAny},
    {"GET /customers", "/customers?startingAfter={id}", "", {"customer"}, kAny},
    {"GET /customers/export", "/customers/export?externalId={id}", "", {"customer_name"}, kAny},
    {"GET /customers/export", "/customers/export?linkId={id}", "", {"link"}, kAny},
    {"GET /customers/{}", "/customers/{id}", "", {"customer", "ext_customer"}},
    {"PATCH /customers/{}", "/customers/{id}", R"({"name":"mine"})", {"customer", "ext_customer"}},
    {"PUT /customers/{}", "/customers/{id}", R"({"name":"mine"})", {"customer", "ext_customer"}},
    {"DELETE /customers/{}", "/customers/{id}", "", {"customer", "ext_customer"}},

    {"GET /analytics", "/analytics?linkId={id}", "", {"link"}, kAny},
    {"GET /analytics", "/analytics?customerId={id}", "", {"customer"}, kAny},
    {"GET /analytics", "/analytics?domain={id}", "", {"domain"}, kAny},
    {"GET /events", "/events?linkId={id}", "", {"link"}, kAny},
    {"GET /events", "/events?customerId={id}", "", {"customer"}, kAny},
    {"GET /events/export", "/events/export?linkId={id}", "", {"link"}, kAny},
    {"GET /events/export", "/events/export?event=sales&customerId={id}", "", {"customer"}, kAny},
};

// Routes that take no id of a workspace's things.
const std::set<std::string_view> kWithoutIds = {
    "POST /track/click",  // names a public link, as its visitors do
    "POST /track/open",
    "POST /track/visit",
    "GET /track/log",
    "GET /ledger/key",
    "GET /fraud/rules",  // the caller's own settings, by names that everyone has
    "PATCH /fraud/rules/{}",
    "GET /workflows",
    "GET /admin/clients",
    "GET /attribution/policy",
    "PATCH /attribution/policy",
    "GET /links/random",
    "GET /links/metatags",
    "POST /tags",
    "GET /events/stream",       // see NoStreamHasTheEventsOfOthers; an id says from when alone
    "GET /conversions/export",  // see NoExportHasTheRowsOfOthers
    "GET /attribution/report",  // see AttributionReportTest.HasNothingOfOthers
    "POST /spend/import",       // names of the caller's own
    "GET /programs",
    "POST /programs",
    "GET /folders",
    "POST /folders",
    "GET /domains",
    "POST /domains",
    "POST /customers",
    "GET /webhooks",
    "GET /payment-connections",
    "POST /payment-connections",
    "POST /hooks/{}/{}",  // a public address; the signature is the right
    "GET /qr",
    "POST /ingest",  // the token says whose it is
    "POST /revenue",
    "POST /revenue/batch",
    "GET /ingest-tokens",
    "POST /ingest-tokens",
    "GET /mrr",
    "POST /jobs/retry",
    "GET /job-destinations",
    "POST /job-destinations/{}/pause",  // a name of the caller's own, whatever others call so
    "POST /job-destinations/{}/resume",
    "POST /domains/register",
    "GET /domains/status",
    "GET /analytics/{}",  // the event, not an id
    "GET /analytics/{}/{}",
    "GET /embed/referrals",  // likewise
    "GET /setup/checklist",
    "GET /setup/{}",  // the token itself is the right
    "POST /setup/{}",
    "GET /avatars/{}/{}",  // public pictures, by addresses that nobody guesses
    "GET /livez",
    "GET /readyz",
    "GET /metrics",
    "GET /openapi.json",
    "GET /script.js",
};

// "GET /links/{linkId}" without the name in it.
std::string place_of(const Route& route) {
    std::string place = std::string(route.method) + " ";
    bool named = false;
    for (const char c : route.path) {
        if (c == '}') named = false;
        if (!named) place += c;
        if (c == '{') named = true;
    }
    return place;
}

std::string replaced(std::string_view text, std::string_view what, std::string_view by) {
    std::string out(text);
    for (auto at = out.find(what); at != out.npos; at = out.find(what, at + by.size())) {
        out.replace(at, what.size(), by);
    }
    return out;
}

class TenantIsolationTest : public WithProgram<TrackApiTest> {
  protected:
    // The workspace of the fixture is the stranger's; afterwards the test calls as another one.
    void SetUp() override {
        make_things_of_the_stranger();
        stranger_key_ = api_key;
        const auto mine = fmt::format("ws_mine{}", random_text(16, env));
        publishable_key_ = "dub_pk_" + random_text(24, env);
        const auto made = db->write_now<bool>(std::string(kOperator), [&](Tx& tx) -> Result<bool> {
            return insert_workspace(tx, {.workspace_id = mine,
                                         .slug = "mine-" + mine.substr(7),
                                         .name = "Mine",
                                         .publishable_key = publishable_key_,
                                         .allowed_hostnames = {},
                                         .created_at_ms = tx.now_ms()});
        });
        HW_ASSERT(made && *made);
        stranger_id_ = std::exchange(workspace_id, mine);
        api_key = make_api_key("apis.all");
        HW_ASSERT(post("/programs", {{"name", "Mine"}}).status == 201);
    }

    Response ask(const Row& row, std::string_view id) {
        const auto method = row.route.substr(0, row.route.find(' '));
        const auto body = replaced(row.body, "{id}", id);
        Headers headers;
        if (row.route.ends_with("/client")) {
            headers.emplace_back("Authorization", "Bearer " + publishable_key_);
        }
        env.advance_ms(1);
        return send(method, replaced(row.target, "{id}", id), body, headers);
    }

    // Of the same form, and nobody's.
    static std::string nobodys(std::string id) {
        if (id.contains('.')) return "nobody-" + id;  // a domain
        for (auto& c : std::span(id).last(4)) c = c == '7' ? '8' : '7';
        return id;
    }

    // Asks for the stranger's thing and for one that nobody has; false while there is no such
    // thing.
    bool is_not_there(const Row& row, std::string_view kind) {
        const auto& id = things_.at(std::string(kind));
        if (id.empty()) return false;
        SCOPED_TRACE(fmt::format("{} with a stranger's {}", row.route, kind));
        const auto nobody = nobodys(id);
        const auto answer = ask(row, id);
        const auto expected = ask(row, nobody);
        EXPECT_EQ(answer.status, row.expected == kAny ? expected.status : row.expected)
            << answer.body;
        EXPECT_EQ(answer.status, expected.status);
        const bool comparable =
            row.expected != kAny || answer.status >= 400 || row.route.starts_with("GET");
        if (comparable) {
            EXPECT_EQ(replaced(answer.body, id, "ID"), replaced(expected.body, nobody, "ID"));
        }
        EXPECT_FALSE(answer.body.contains("theirs.example")) << answer.body;
        return true;
    }

    // All that the stranger can read, to see that it stayed.
    std::string world_of_the_stranger() {
        const Headers stranger{{"Authorization", "Bearer " + stranger_key_}};
        std::string all;
        for (const auto* target :
             {"/jobs", "/links?showArchived=true", "/links/info?externalId=ext_theirs", "/tags",
              "/folders", "/domains", "/customers", "/webhooks", "/track/log", "/programs",
              "/groups", "/rewards", "/discounts", "/partners", "/commissions", "/payouts",
              "/repairs", "/admin/quarantine"}) {
            all += send("GET", target, {}, stranger).body + "\n";
        }
        return all;
    }

    const std::string& stranger_key() const { return stranger_key_; }

    std::map<std::string, std::string, std::less<>> things_;  // kind -> id

  private:
    static std::string id_of(const Response& response) {
        HW_ASSERT(response.status < 300);
        return std::string(json_of(response).at("id").as_string());
    }
    // Empty while there is no such route.
    std::string make(std::string_view path, const Object& body) {
        return match_route("POST", path).route == nullptr ? "" : id_of(post(path, body));
    }

    void make_things_of_the_stranger() {
        things_["domain"] = domain;
        things_["repair"] = "rep_theirs00001";
        put([](Tx& tx) {
            insert_repair(tx,
                          {.repair_id = "rep_theirs00001",
                           .kind = "fix",
                           .actor = "theirs.example",
                           .undone_at_ms = {},
                           .undone_by = {}},
                          {});
        });
        things_["job"] = *write([](Tx& tx) -> Result<std::string> {
            return insert_job(tx, {.kind = "k", .subject_id = "", .payload = "theirs.example"})
                .job_id;
        });
        things_["link"] = make("/links", {{"url", "https://theirs.example/"},
                                          {"domain", domain},
                                          {"key", "theirs"},
                                          {"externalId", "theirs"},
                                          {"trackConversion", true}});
        things_["ext_link"] = "ext_theirs";
        const auto link = *read([&](Tx& tx) -> Result<std::optional<Link>> {
            return find_link(tx, workspace_id, things_["link"]);
        });
        things_["click"] = make_click(*link);
        lead({{"clickId", things_["click"]},
              {"eventName", "Sign up"},
              {"customerExternalId", "their-customer"}});
        const auto sold = sale({{"customerExternalId", "their-customer"},
                                {"amount", 4'900},
                                {"invoiceId", "their-invoice"}});
        things_["customer"] = std::string(json_of(sold).at("customer").at("id").as_string());
        things_["customer_name"] = "their-customer";
        things_["ext_customer"] = "ext_their-customer";
        things_["invoice"] = "their-invoice";
        const auto story = json_of(send("GET", "/conversions/their-invoice/explain"));
        things_["conversion"] = std::string(story.at("conversion").at("id").as_string());
        things_["tag"] = make("/tags", {{"name", "theirs"}});
        things_["folder"] = make("/folders", {{"name", "theirs"}});
        things_["webhook"] = make(
            "/webhooks", {{"url", "https://theirs.example/hook"}, {"events", {"lead.created"}}});
        things_["connection"] = make("/payment-connections", {{"provider", "stripe"}});
        send("POST", "/hooks/stripe/" + things_["connection"], R"({"id":"evt_theirs.example"})",
             {{"Authorization", ""}});
        const auto aside = json_of(send("GET", "/admin/quarantine"));
        things_["quarantine"] = std::string(aside.at(0).at("id").as_string());
        things_["ingest_token"] = make("/ingest-tokens", {{"kind", "public"}});
        const auto pinged = send("POST", "/webhooks/" + things_["webhook"] + "/ping");
        things_["delivery"] = std::string(json_of(pinged).at("deliveryId").as_string());
        make_programme_of_the_stranger();
    }

    void make_programme_of_the_stranger() {
        things_["program"] =
            make("/programs", {{"name", "theirs"}, {"url", "https://theirs.example"}});
        things_["group"] = make("/groups", {{"name", "theirs"}});
        things_["reward"] = make("/rewards", {{"event", "sale"}, {"amountInCents", 5}});
        things_["discount"] = make("/discounts", {{"amount", 5}});
        things_["tenant"] = "their-tenant";
        things_["partner"] = make(
            "/partners",
            {{"email", "they@theirs.example"}, {"username", "they"}, {"tenantId", "their-tenant"}});
        const auto links = json_of(send("GET", "/partners/links?tenantId=their-tenant"));
        const std::string link(links.at(0).at("id").as_string());
        const auto made =
            post("/discount-codes",
                 {{"code", "THEIRS"}, {"partnerId", things_["partner"]}, {"linkId", link}});
        things_["code"] = id_of(made);
        things_["code_text"] = "THEIRS";
        things_["bounty"] = make("/bounties", {{"name", "theirs"}});
        things_["workflow"] =
            make("/workflows", {{"name", "theirs"},
                                {"trigger", "leadRecorded"},
                                {"action", {{"type", "sendCampaign"}, {"campaignId", "theirs"}}}});
        enroll("pn_theirs00001", "pat@partner.example");
        lead({{"clickId", make_click(partner_link("partners", "pn_theirs00001"))},
              {"eventName", "Sign up"},
              {"customerExternalId", "their-second-customer"},
              {"customerEmail", "sue@partner.example"}});
        post("/commissions", {{"partnerId", things_["partner"]}, {"amount", 500}});
        const auto commissions = json_of(send("GET", "/commissions?type=custom"));
        things_["commission"] = std::string(commissions.at(0).at("id").as_string());
        const auto paid = json_of(send("POST", "/payouts"));
        things_["payout"] = std::string(paid.at("payouts").at(0).at("id").as_string());
        const auto groups = json_of(send("GET", "/fraud/groups"));
        things_["fraud_group"] = std::string(groups.at(0).at("id").as_string());
    }

    std::string stranger_id_;
    std::string stranger_key_;
    std::string publishable_key_;
};

TEST_P(TenantIsolationTest, EveryRouteHasARow) {
    for (const auto& route : routes()) {
        const auto place = place_of(route);
        const auto partner_rows = partner_tenant_rows();
        const bool known =
            kWithoutIds.contains(place) ||
            std::ranges::find(kRows, place, &Row::route) != std::end(kRows) ||
            std::ranges::find(partner_rows, place, &Row::route) != partner_rows.end();
        EXPECT_TRUE(known) << place << " has no row in kRows, and is not in kWithoutIds";
    }
}

TEST_P(TenantIsolationTest, TheThingsOfOthersAreNotThere) {
    const auto before = world_of_the_stranger();
    std::set<std::string> places;
    for (const auto& route : routes()) places.insert(place_of(route));
    int asked = 0;
    std::vector<Row> rows(std::begin(kRows), std::end(kRows));
    rows.insert(rows.end(), partner_tenant_rows().begin(), partner_tenant_rows().end());
    for (const auto& row : rows) {
        if (!places.contains(std::string(row.route))) continue;
        for (const auto kind : row.kinds) asked += is_not_there(row, kind) ? 1 : 0;
    }
    EXPECT_GT(asked, 20);
    EXPECT_EQ(world_of_the_stranger(), before);
}

TEST_P(TenantIsolationTest, NoExportHasTheRowsOfOthers) {
    for (const std::string path : {"/links/export?showArchived=true", "/customers/export?search=",
                                   "/events/export?event=clicks", "/events/export?event=leads",
                                   "/events/export?event=sales", "/conversions/export?event="}) {
        const Headers stranger{{"Authorization", "Bearer " + stranger_key()}};
        env.advance_ms(1'000);
        const auto lines = path + "&format=ndjson";
        EXPECT_NE(send("GET", lines, {}, stranger).body, "") << "theirs are there: " << path;
        EXPECT_EQ(send("GET", lines).body, "") << path;
    }
}

TEST_P(TenantIsolationTest, NoStreamHasTheEventsOfOthers) {
    const auto answer = begin("/events/stream?lastEventId=" + things_["click"]);
    ASSERT_EQ(answer.status, 200);
    auto& stream = *answer.stream;
    std::string text;
    // As many pieces as it takes to come from the past to the present.
    for (int i = 0; i < 3; ++i) text += next_piece(stream).bytes;
    stream.finish();
    for (auto end = BodyPiece::End::No; end == BodyPiece::End::No;) {
        const auto piece = next_piece(stream);
        text += piece.bytes;
        end = piece.end;
    }
    EXPECT_EQ(text, "retry: 1000\n\n");
}

HW_ON_BOTH_ENGINES(TenantIsolationTest);

}  // namespace
}  // namespace hw
