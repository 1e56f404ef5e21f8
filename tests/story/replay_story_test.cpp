// SPDX-License-Identifier: Apache-2.0
// A shop that has sold by every rung of the ladder decides its past again: by the same rules
// nothing changes, by others exactly what the preview said.
#include <map>
#include <ranges>
#include <set>

#include "base/civil_time.hpp"
#include "store/discount_codes.hpp"
#include "tests/fixture/story_test.hpp"

namespace hw {
namespace {

class ReplayStory : public StoryTest {
  protected:
    ReplayStory() {
        enroll("pn_2");
        other_ = partner_link("p2", "pn_2");
        sell_without_proof();
        sell_by_what_is_told();
        sell_by_leads();
        sell_by_identity();
    }

    // Payments that say nothing about the buyer, as the workspace's latest click gets older.
    void sell_without_proof() {
        checkout("before", 1'100, {});  // nobody has clicked yet
        visit(link, "192.0.2.50");
        env.advance_ms(10 * kDayMs);
        checkout("young", 1'200, {});
        env.advance_ms(65 * kDayMs);
        checkout("middle", 1'300, {});
        env.advance_ms(25 * kDayMs);
        checkout("old", 1'400, {});
        checkout("moved", 1'500, {});
        told("/conversions/" + conversion_of("cs_moved") + "/attribution",
             {{"linkId", other_.link_id}, {"reason", "she told us"}});
    }
    void sell_by_what_is_told() {
        const auto early = visit(link, "192.0.2.51");
        const auto early_other = visit(other_, "192.0.2.52");
        env.advance_ms(40 * kDayMs);
        buy("click-old-1", 2'100, {{"clickId", early}});
        buy("click-old-2", 2'200, {{"clickId", early_other}});
        checkout("click-old-3", 2'300, {{"dub_click_id", early}});
        buy("click-new", 2'400, {{"clickId", visit(link, "192.0.2.53")}});
        buy("key-1", 2'500, {{"metadata", Object{{"link_slug", "p1"}}}});
        buy("key-2", 2'600, {{"metadata", Object{{"via", "p2"}}}});
        checkout("key-3", 2'700, {{"ref", "p1"}});
        put([&](Tx& tx) {
            DiscountCode code;
            code.workspace_id = workspace_id;
            code.discount_code_id = "dcode_1";
            code.program_id = "prog_1";
            code.partner_id = "pn_2";
            code.code = "SAVE";
            code.link_id = other_.link_id;
            HW_ASSERT(insert_discount_code(tx, code));
        });
        buy("code-1", 2'800, {{"metadata", Object{{"discountCode", "SAVE"}}}});
        checkout("code-2", 2'900, {{"promo_code", "save"}});
        told("/track/sale", {{"customerExternalId", "nobody"}, {"amount", 3'000}});
        // Refused, and told again with what was missing.
        post("/track/sale", {{"customerExternalId", "again"},
                             {"clickId", "0000000000000000"},
                             {"amount", 3'100},
                             {"invoiceId", "again"}});
        buy("again", 3'100, {{"clickId", visit(link, "192.0.2.54")}, {"invoiceId", "again"}});
    }
    void sell_by_leads() {
        const auto click = visit(link, "192.0.2.55");
        env.advance_ms(20 * kDayMs);
        told("/track/lead",
             {{"clickId", click}, {"eventName", "Sign up"}, {"customerExternalId", "lea"}});
        told("/track/sale",
             {{"customerExternalId", "lea"}, {"amount", 4'000}, {"invoiceId", "lead-1"}});
        told("/track/sale",
             {{"customerExternalId", "lea"}, {"amount", 4'100}, {"invoiceId", "lead-2"}});
        checkout("lead-3", 4'200, {{"customerExternalId", "lea"}});
        told("/track/lead", {{"clickId", visit(other_, "192.0.2.56")},
                             {"eventName", "Sign up"},
                             {"customerExternalId", "late"},
                             {"mode", "deferred"}});
        checkout("customer", 4'300, {{"customerExternalId", "late"}});
    }
    void sell_by_identity() {
        const auto click = visit(link, "192.0.2.57");
        page("pageview", {{"url", "https://shop.example/?dub_id=" + click}, {"session_id", "s1"}},
             "192.0.2.57");
        page("pageview", {{"url", "https://shop.example/?via=p2"}, {"session_id", "s2"}},
             "192.0.2.58");
        env.advance_ms(30 * kDayMs);
        pay("identity-60", 5'000, "s1");
        pay("seen-key", 5'100, "s2");
        env.advance_ms(40 * kDayMs);
        pay("identity-90", 5'200, "s1");
        pay("session-of-nobody", 5'300, "s9");
    }
    void buy(const std::string& name, std::int64_t amount, Object more) {
        more["customerExternalId"] = name;
        more["amount"] = amount;
        if (!more.contains("invoiceId")) more["invoiceId"] = name;
        told("/track/sale", more);
    }
    void pay(const std::string& name, std::int64_t amount, const std::string& session) {
        const auto decimal =
            boost::json::parse(fmt::format("{}.{:02}", amount / 100, amount % 100));
        revenue({{"transaction_id", name},
                 {"customer_id", "of-" + name},
                 {"session_id", session},
                 {"amount", decimal}});
    }

    Json replay(bool dry_run, const Object& rules = {}) {
        env.advance_ms(1);
        return told("/attribution/replay", {{"from", "2026-01-01T00:00:00Z"},
                                            {"to", "2028-01-01T00:00:00Z"},
                                            {"rules", rules},
                                            {"dryRun", dry_run},
                                            {"pageSize", 500}});
    }
    // How many sales stand on each rung.
    std::map<std::string, int> rungs_now() {
        std::map<std::string, int> rungs;
        const auto lines = digest();
        for (const auto line : std::views::split(lines, '\n')) {
            const std::string text(line.begin(), line.end());
            if (!text.starts_with("purchase ")) continue;
            const auto from = text.find(' ', 9) + 1;
            ++rungs[text.substr(from, text.find(' ', from) - from)];
        }
        return rungs;
    }
    // What a replay would post or has posted, without the ids and times of its own.
    static std::vector<std::string> postings_of(const Json& replayed) {
        std::vector<std::string> postings;
        for (const auto& one : replayed.at("ledger").as_array()) {
            postings.push_back(text(one, "kind") + " " + text(one, "commissionId") + " " +
                               boost::json::serialize(one.at("postings")));
        }
        return postings;
    }

    static Object shorter() {
        const auto days = [](int count) { return Object{{"windowDays", count}}; };
        return {{"rungs", Object{{"click_id", days(7)},
                                 {"lead", days(7)},
                                 {"identity_60d", days(7)},
                                 {"identity_90d", days(7)}}}};
    }

    Link other_;
};
HW_ON_BOTH_ENGINES(ReplayStory);

TEST_P(ReplayStory, BySameRulesNothingChanges) {
    const std::map<std::string, int> expected{
        {"orphan", 3}, {"workspace_60d", 1}, {"workspace_90d", 1}, {"workspace_any", 1},
        {"manual", 1}, {"click_id", 5},      {"link_slug", 4},     {"code", 2},
        {"lead", 3},   {"customer", 1},      {"identity_60d", 1},  {"identity_90d", 1}};
    EXPECT_EQ(rungs_now(), expected);
    const auto before = digest();
    const auto ledger = ledger_ids();
    for (const bool dry_run : {true, false}) {
        const auto replayed = replay(dry_run);
        EXPECT_EQ(replayed.at("lookedAt").as_int64(), 24);
        EXPECT_EQ(boost::json::serialize(replayed.at("conversions")), "[]");
        EXPECT_TRUE(replayed.at("repairId").is_null());
        EXPECT_EQ(digest(), before);
        EXPECT_EQ(ledger_ids(), ledger);
    }
    expect_clean_books();
}

TEST_P(ReplayStory, ByShorterWindowsExactlyWhatThePreviewSaid) {
    const auto paid_click = conversion_of("click-old-1");
    pay_partners();
    const auto before = digest();
    const auto ledger = ledger_ids();

    const auto preview = replay(true, shorter());
    EXPECT_EQ(digest(), before);
    std::set<std::string> changed;
    std::int64_t earnings = 0;
    for (const auto& one : preview.at("conversions").as_array()) {
        changed.insert(text(one, "conversionId"));
        earnings += one.at("earnings").as_int64();
    }
    const auto id = [&](const char* name) { return conversion_of(name); };
    EXPECT_EQ(changed,
              (std::set{id("click-old-1"), id("click-old-2"), id("cs_click-old-3"), id("lead-1"),
                        id("lead-2"), id("cs_lead-3"), id("identity-60"), id("identity-90")}));
    std::map<std::string, std::int64_t> of_partners;
    for (const auto& one : preview.at("partners").as_array()) {
        of_partners[text(one, "partnerId")] = one.at("earnings").as_int64();
    }
    // A fifth of the sales that leave each. The payment of somebody whose lead is too old finds the
    // link that the customer came by.
    EXPECT_EQ(of_partners, (std::map<std::string, std::int64_t>{
                               {"pn_1", -(2'100 + 2'300 + 4'000 + 4'100 + 5'000 + 5'200) / 5},
                               {"pn_2", -2'200 / 5}}));
    EXPECT_EQ(earnings, of_partners["pn_1"] + of_partners["pn_2"]);

    const auto posted = replay(false, shorter());
    EXPECT_EQ(posted.at("conversions"), preview.at("conversions"));
    EXPECT_EQ(posted.at("partners"), preview.at("partners"));
    EXPECT_EQ(postings_of(posted), postings_of(preview));
    auto after = ledger_ids();
    EXPECT_EQ(after.size(), ledger.size() + postings_of(posted).size());
    expect_clean_books();

    // All of it was paid: it comes back with the next payout.
    const auto balances = digest();
    EXPECT_TRUE(balances.contains("balance partner:pn_1:clawback usd -4540")) << balances;
    EXPECT_TRUE(balances.contains("balance partner:pn_2:clawback usd -440")) << balances;
    EXPECT_EQ(text(get("/conversions/" + paid_click + "/explain").at("attribution"), "rung"),
              "orphan");

    const auto again = replay(false, shorter());
    EXPECT_EQ(boost::json::serialize(again.at("conversions")), "[]");
    EXPECT_EQ(digest(), balances);
    EXPECT_EQ(ledger_ids(), after);

    // Money that was paid is not moved to and fro.
    const auto undone = post("/repairs/" + text(posted, "repairId") + "/undo", {});
    EXPECT_EQ(undone.status, 409) << undone.body;
    EXPECT_EQ(digest(), balances);
    expect_clean_books();
}

}  // namespace
}  // namespace hw
