// SPDX-License-Identifier: Apache-2.0
#include <set>

#include "tests/fixture/partner_api_test.hpp"

namespace hw {
namespace {

class PartnersApiTest : public PartnerApiTest {
  protected:
    // User names in the order of the answer, or the refusal.
    std::string names(const std::string& query) {
        const auto answer = send("GET", "/partners" + query);
        if (answer.status != 200) return outcome(answer);
        std::string all;
        const auto partners = json_of(answer);
        for (const auto& one : partners.as_array()) all += text(one, "username") + " ";
        return all;
    }
};

class NoProgramTest : public TrackApiTest {};

TEST_P(NoProgramTest, ThereAreNoPartners) {
    struct Row {
        std::string_view method;
        std::string_view path;
        std::string_view body;
    };
    const Row rows[] = {
        {"GET", "/partners", ""},
        {"POST", "/partners", R"({"email":"a@mail.example"})"},
        {"GET", "/partners/links?partnerId=pn_1", ""},
        {"POST", "/partners/links", R"({"partnerId":"pn_1"})"},
        {"PUT", "/partners/links/upsert", R"({"partnerId":"pn_1","url":"https://a.example"})"},
    };
    for (const auto& row : rows) {
        EXPECT_EQ(outcome(send(row.method, row.path, row.body)), "404 Program not found")
            << row.method << " " << row.path;
    }
}

TEST_P(PartnersApiTest, APartnerIsMadeWithTheLinksOfTheGroup) {
    const auto made = send("POST", "/partners",
                           R"({"email":"Ann.Lee@Mail.example","name":"Ann Lee","tenantId":"t-1",)"
                           R"("country":"DE","linkProps":{"comments":"hers","prefix":"p"}})");
    ASSERT_EQ(made.status, 201) << made.body;
    const auto body = json_of(made);
    EXPECT_EQ(text(body, "status"), "approved");
    EXPECT_EQ(text(body, "tenantId"), "t-1");
    EXPECT_EQ(text(body, "programId"), program_id);
    EXPECT_EQ(text(body, "groupId"), group_id);
    ASSERT_EQ(body.at("links").as_array().size(), 1U);
    const auto link = body.at("links").at(0);
    EXPECT_EQ(text(link, "shortLink"), "https://" + domain + "/p/ann-lee");
    EXPECT_EQ(text(link, "url"), "https://shop.example/");
    const auto whole = json_of(send("GET", "/links/" + text(link, "id")));
    EXPECT_EQ(text(whole, "partnerId"), text(body, "id"));
    EXPECT_EQ(text(whole, "programId"), program_id);
    EXPECT_EQ(text(whole, "tenantId"), "t-1");
    EXPECT_EQ(text(whole, "comments"), "hers");
    EXPECT_EQ(text(whole, "trackConversion"), "true");
    EXPECT_EQ(outbox("partner.enrolled"), 1);
}

TEST_P(PartnersApiTest, WhoIsKnownIsNotMadeAgain) {
    const auto first = make_partner("ann", R"(,"tenantId":"t-1")");
    const auto second = make_partner("bob");
    struct Row {
        std::string body;
        std::string expected;  // the id, or the refusal
    };
    const Row rows[] = {
        {R"({"email":"ANN@mail.example"})", first},
        {R"({"email":"ann@mail.example","tenantId":"t-1"})", first},
        {R"({"email":"new@mail.example","tenantId":"t-1"})", first},
        {R"({"email":"bob@mail.example","tenantId":"t-1"})",
         "409 The tenantId 't-1' belongs to another partner already."},
        {R"({"email":"bob@mail.example","tenantId":"t-2"})", second},
        {R"({"email":"ann@mail.example","tenantId":"t-2"})",
         "409 The tenantId 't-2' belongs to another partner already."},
    };
    for (const auto& row : rows) {
        const auto answer = send("POST", "/partners", row.body);
        EXPECT_EQ(answer.status == 201 ? text(json_of(answer), "id") : outcome(answer),
                  row.expected)
            << row.body;
    }
    EXPECT_EQ(outbox("partner.enrolled"), 2);
    EXPECT_EQ(text(partner(second), "tenantId"), "t-2");
    EXPECT_EQ(names("?sortBy=createdAt&sortOrder=asc"), "ann bob ");
}

TEST_P(PartnersApiTest, KeysOfLinks) {
    make_link("taken");
    struct Row {
        std::string body;
        std::string expected;  // the link's key; "~" stands for four characters
    };
    const Row rows[] = {
        {R"({"email":"a@mail.example","username":"Ann_1","name":"Other"})", "Ann_1"},
        {R"({"email":"b@mail.example","name":"Zoë Müller"})", "zo-m-ller"},
        {R"({"email":"c.d+e@mail.example"})", "c-d-e"},
        {R"({"email":"d@mail.example","username":"taken"})", "taken-~"},
        {R"({"email":"___@mail.example","name":"日本"})", "partner"},
        {R"({"email":"e@mail.example","username":"links"})", "links"},
    };
    for (const auto& row : rows) {
        const auto made = send("POST", "/partners", row.body);
        ASSERT_EQ(made.status, 201) << made.body;
        auto key = text(json_of(made).at("links").at(0), "key");
        if (row.expected.ends_with('~')) key.replace(key.size() - 4, 4, "~");
        EXPECT_EQ(key, row.expected);
    }
}

TEST_P(PartnersApiTest, AGroupGivesItsLinks) {
    patch_group(R"({"linkHosts":["a.example","b.example"],"defaultLinks":[)"
                R"({"url":"https://a.example/1"},{"url":"https://b.example/2"}]})");
    const auto made = json_of(
        send("POST", "/partners",
             R"({"email":"ann@mail.example","username":"ann","linkProps":{"externalId":"x"}})"));
    const auto links = made.at("links").as_array();
    ASSERT_EQ(links.size(), 2U);
    for (const auto& link : links) {
        EXPECT_TRUE(text(link, "key").starts_with("ann-")) << text(link, "key");
        EXPECT_EQ(text(link, "key").size(), 8U);
    }
    // Made in the same millisecond, so in no order.
    const std::set<std::string> urls{text(links[0], "url"), text(links[1], "url")};
    EXPECT_EQ(urls, (std::set<std::string>{"https://a.example/1", "https://b.example/2"}));
}

TEST_P(PartnersApiTest, RefusesWhatNoPartnerCanBe) {
    struct Row {
        std::string body;
        std::string expected;
    };
    const Row rows[] = {
        {"{}", "422 invalid_type: email: Invalid input: expected string, received undefined"},
        {R"({"email":"nobody"})", "422 invalid_format: email: Invalid email address"},
        {R"({"email":"a@b.example","name":")" + std::string(101, 'a') + R"("})",
         "422 too_big: name: Too big: expected string to have <=100 characters"},
        {R"({"email":"a@b.example","description":")" + std::string(5'001, 'a') + R"("})",
         "422 too_big: description: Too big: expected string to have <=5000 characters"},
        {R"({"email":"a@b.example","country":"Germany"})",
         "422 too_big: country: Too big: expected string to have <=2 characters"},
        {R"({"email":"a@b.example","country":"de"})",
         "422 invalid_value: country: 'de' is no country: write two capital letters of ISO 3166-1"},
        {R"({"email":"a@b.example","groupId":"grp_none"})", "404 Group not found."},
        {R"({"email":"a@b.example","linkProps":7})",
         "422 invalid_type: linkProps: Invalid input: expected object, received number"},
        {R"({"email":"a@b.example","referredByPartnerId":"pn_none"})",
         "422 custom: referredByPartnerId: 'pn_none' is no other partner of this program"},
        {R"({"email":"a@b.example","username":"a b"})", "422 Invalid key."},
    };
    for (const auto& row : rows) {
        EXPECT_EQ(outcome(send("POST", "/partners", row.body)), row.expected) << row.body;
    }
    EXPECT_EQ(names(""), "");
}

TEST_P(PartnersApiTest, FiltersSortsAndPages) {
    const auto reward = make("/rewards", R"({"event":"sale","amountInPercentage":50})");
    const auto gold = make("/groups", R"({"name":"Gold","saleRewardId":")" + reward + R"("})");
    const auto ann = make_partner("ann", R"(,"country":"DE","tenantId":"t-ann")");
    const auto bob = make_partner("bob", R"(,"groupId":")" + gold + R"(","country":"FR")");
    const auto cid = make_partner("cid", R"(,"groupId":")" + gold + R"(")");
    make_click(link_of(ann), 900);
    sell(ann, 2'500);
    sell(bob, 3'000);
    sell(cid, 2'000);
    sell(cid, 2'000);
    struct Row {
        std::string query;
        std::string expected;
    };
    const Row rows[] = {
        {"", "cid bob ann "},
        {"?sortOrder=asc", "ann bob cid "},
        {"?sortBy=createdAt", "cid bob ann "},
        {"?sortBy=createdAt&sortOrder=asc", "ann bob cid "},
        {"?sortBy=totalClicks", "cid ann bob "},
        {"?sortBy=totalConversions", "cid bob ann "},
        {"?sortBy=totalLeads&sortOrder=asc", "ann bob cid "},
        {"?sortBy=earningsPerClick", "bob cid ann "},
        {"?sortBy=averageLifetimeValue", "bob ann cid "},
        {"?sortBy=clickToLeadRate&sortOrder=asc", "ann bob cid "},
        {"?sortBy=clickToConversionRate&sortOrder=asc", "ann bob cid "},
        {"?sortBy=leadToConversionRate", "cid bob ann "},
        {"?sortBy=totalCommissions", "cid bob ann "},
        {"?sortBy=netRevenue&sortOrder=asc", "bob cid ann "},
        {"?sortBy=returnOnAdSpend", "cid bob ann "},
        {"?groupId=" + gold, "cid bob "},
        {"?country=DE", "ann "},
        {"?email=ANN@mail.example", "ann "},
        {"?tenantId=t-ann", "ann "},
        {"?search=N@MAIL", "ann "},
        {"?search=bo", "bob "},
        {"?status=banned", ""},
        {"?status=approved&pageSize=2", "cid bob "},
        {"?pageSize=2&page=2", "ann "},
        {"?pageSize=101", "422 too_big: pageSize: Max page size is 100."},
        {"?page=0", "422 too_small: page: Page must be greater than 0."},
        {"?status=gone",
         R"(422 invalid_value: status: Invalid option: expected one of "pending"|"approved"|)"
         R"("rejected"|"invited"|"declined"|"deactivated"|"banned"|"archived")"},
    };
    for (const auto& row : rows) EXPECT_EQ(names(row.query), row.expected) << row.query;
}

TEST_P(PartnersApiTest, TotalsAndRates) {
    const auto reward = make("/rewards", R"({"event":"sale","amountInPercentage":12.5})");
    patch_group(R"({"saleRewardId":")" + reward + R"("})");
    const auto ann = make_partner("ann");
    make_click(link_of(ann), 901);
    make_click(link_of(ann), 902);
    sell(ann, 1'000);
    const auto body = partner(ann);
    struct Row {
        std::string_view name;
        std::string_view expected;
    };
    const Row rows[] = {
        {"totalClicks", "3"},          {"totalLeads", "1"},
        {"totalConversions", "1"},     {"totalSales", "1"},
        {"totalSaleAmount", "1000"},   {"totalCommissions", "125"},
        {"netRevenue", "875"},         {"averageLifetimeValue", "1000"},
        {"leadToConversionRate", "1"}, {"returnOnAdSpend", "8"},
        {"saleAmount", "1000"},        {"saleRewardId", reward},
        {"leadRewardId", "null"},
    };
    for (const auto& row : rows) EXPECT_EQ(text(body, row.name), row.expected) << row.name;
    const auto answer = send("GET", "/partners").body;
    EXPECT_TRUE(answer.contains(R"("earningsPerClick":333.333333,)")) << answer;
    EXPECT_TRUE(answer.contains(R"("clickToLeadRate":0.333333,)")) << answer;
    EXPECT_TRUE(partner(make_partner("bob")).at("earningsPerClick").is_null());
}

TEST_P(PartnersApiTest, LinksOfAPartner) {
    const auto ann = make_partner("ann", R"(,"tenantId":"t-ann")");
    struct Row {
        std::string_view method;
        std::string body;
        std::string expected;
    };
    const Row rows[] = {
        {"POST", "{}", "400 Either `partnerId` or `tenantId` must be provided."},
        {"POST", R"({"partnerId":"","tenantId":null})",
         "400 Either `partnerId` or `tenantId` must be provided."},
        {"POST", R"({"partnerId":"pn_none"})", "404 The partner is not enrolled in this program."},
        {"POST", R"({"tenantId":"t-none"})", "404 The partner is not enrolled in this program."},
        {"POST", R"({"tenantId":"t-ann","url":"https://evil.example"})",
         "422 custom: url: The destination host 'evil.example' is not allowed in the group "
         "'Default Group': use one of shop.example"},
        {"POST", R"({"tenantId":"t-ann","key":"ann"})",
         "409 Duplicate key: This short link already exists."},
        {"POST", R"({"tenantId":"t-ann","url":"https://www.shop.example/x","key":"x"})", "201 "},
        {"POST", R"({"partnerId":")" + ann + R"("})", "201 "},
        {"PUT", R"({"partnerId":")" + ann + R"("})",
         "422 invalid_type: url: Invalid input: expected string, received undefined"},
        {"PUT",
         R"({"partnerId":")" + ann + R"(","url":"https://www.shop.example/x","comments":"new"})",
         "200 "},
        {"PUT", R"({"partnerId":")" + ann + R"(","url":"https://www.shop.example/y","key":"y"})",
         "200 "},
    };
    for (const auto& row : rows) {
        const auto path = row.method == "PUT" ? "/partners/links/upsert" : "/partners/links";
        const auto answer = outcome(send(row.method, path, row.body));
        EXPECT_TRUE(answer.starts_with(row.expected)) << row.body << ": " << answer;
        env.advance_ms(1);
    }
    const auto links = json_of(send("GET", "/partners/links?tenantId=t-ann")).as_array();
    ASSERT_EQ(links.size(), 4U);
    EXPECT_EQ(text(links[1], "key"), "x");
    EXPECT_TRUE(text(links[2], "key").starts_with("ann-"));
    EXPECT_EQ(text(links[3], "key"), "y");
    const auto changed = json_of(send("GET", "/links/" + text(links[1], "id")));
    EXPECT_EQ(text(changed, "comments"), "new");
    EXPECT_EQ(text(changed, "trackConversion"), "true");
    EXPECT_EQ(outcome(send("GET", "/partners/links")),
              "400 Either `partnerId` or `tenantId` must be provided.");
}

TEST_P(PartnersApiTest, OtherLinksMayNameAPartnerTheyKnow) {
    const auto ann = make_partner("ann");
    struct Row {
        std::string body;
        std::string expected;
    };
    const Row rows[] = {
        {R"("partnerId":")" + ann + "\"", "200 " + program_id + " " + ann},
        {R"("programId":")" + program_id + R"(","partnerId":")" + ann + "\"",
         "200 " + program_id + " " + ann},
        {R"("partnerId":"pn_none")", "404 The partner is not enrolled in this program."},
        {R"("programId":"prog_none","partnerId":")" + ann + "\"", "404 Program not found"},
    };
    for (const auto& row : rows) {
        const auto answer =
            send("POST", "/links", R"({"url":"https://else.example",)" + row.body + "}");
        const auto told = answer.status == 200 ? "200 " + text(json_of(answer), "programId") + " " +
                                                     text(json_of(answer), "partnerId")
                                               : outcome(answer);
        EXPECT_EQ(told, row.expected) << row.body;
    }
}

TEST_P(PartnersApiTest, KeysNeedTheScope) {
    const auto admin = api_key;
    api_key = make_api_key("groups.read");
    EXPECT_EQ(send("GET", "/partners").status, 200);
    EXPECT_EQ(send("POST", "/partners", "{}").status, 403);
    api_key = make_api_key("links.write");
    EXPECT_EQ(send("GET", "/partners").status, 403);
    api_key = admin;
}

HW_ON_BOTH_ENGINES(PartnersApiTest);
HW_ON_BOTH_ENGINES(NoProgramTest);

}  // namespace
}  // namespace hw
