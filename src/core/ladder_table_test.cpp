// SPDX-License-Identifier: Apache-2.0
// The ladder, case by case: a small world in a line, the rules, and the rung and all verdicts that
// follow. A case is read like this:
//   clicks  "me:a@60d, other:b@1 bot"  whose, on which link, how long before the sale. "-" is
//           nobody known; "60*me:a@1d" are 60 of them, each a millisecond older. Counted from 1.
//   told    what the sale says: "click=1 slug=a code=a lead=1 origin=1 visitor session email
//           customer who follow webhook"
//   rules   "click_id=30d lead=off inferred=suggest first api"
// Links: a, b; `off` was disabled a day before the sale, `offnow` at its very moment, `offlater`
// after it; `gone` was deleted, `archived` archived.
#include <fmt/format.h>

#include "tests/fixture/engine_test.hpp"
#include "tests/fixture/ladder_world.hpp"

namespace hw {
namespace {

struct Case {
    std::string_view name;
    std::string_view clicks;
    std::string_view told;
    std::string_view rules;
    std::string_view expected;
};

constexpr std::string_view kNothing = "orphan (no_customer_and_no_click)";

constexpr Case kCases[] = {
    {"nothing is known", "", "", "", kNothing},

    // 1 click_id
    {"a click of the same moment", "-:a@0", "click=1", "", "click_id: click_id 1 taken"},
    {"a click id has no window", "-:a@3000d", "click=1", "", "click_id: click_id 1 taken"},
    {"an unknown click id", "", "click=none", "",
     "orphan (click_not_found): click_id click_not_found"},
    {"a click 300 s after the sale", "-:a@-300s", "click=1", "", "click_id: click_id 1 taken"},
    {"a click 300.001 s after the sale", "-:a@-300s-1", "click=1", "",
     "orphan (after_conversion): click_id 1 after_conversion"},
    {"a click at the edge of a set window", "-:a@30d", "click=1", "click_id=30d",
     "click_id: click_id 1 taken"},
    {"a click behind the edge of a set window", "-:a@30d+1", "click=1", "click_id=30d",
     "orphan (outside_window): click_id 1 outside_window"},
    {"a click within the skew is no age", "-:a@-300s", "click=1", "click_id=1d",
     "click_id: click_id 1 taken"},
    {"a bot's click", "-:a@1 bot", "click=1", "", "orphan (bot): click_id 1 bot"},
    {"the link was disabled before", "-:off@2d", "click=1", "",
     "orphan (link_disabled): click_id 1 link_disabled"},
    {"the link was disabled at the sale's moment", "-:offnow@1", "click=1", "",
     "orphan (link_disabled): click_id 1 link_disabled"},
    {"the link was disabled after the sale", "-:offlater@1", "click=1", "",
     "click_id: click_id 1 taken"},
    {"the link was deleted", "-:gone@1", "click=1", "",
     "orphan (link_not_found): click_id 1 link_not_found"},
    {"the link is archived", "-:archived@1", "click=1", "", "click_id: click_id 1 taken"},
    {"another person's click that the sale names", "other:a@1", "click=1 visitor", "",
     "click_id: click_id 1 taken"},
    {"rung 1 switched off", "-:a@1", "click=1", "click_id=off", kNothing},
    {"of two click ids the later click", "-:a@2, -:b@1", "click=1 click=2", "",
     "click_id: click_id 2 taken, click_id 1 not_first"},
    {"of two click ids the first touch", "-:a@2, -:b@1", "click=1 click=2", "first",
     "click_id: click_id 1 taken, click_id 2 not_first"},
    {"two clicks of one moment: the greatest id", "-:a@5, -:b@5", "click=1 click=2", "",
     "click_id: click_id 2 taken, click_id 1 not_first"},
    {"two clicks of one moment, first touch: the smallest id", "-:a@5, -:b@5", "click=2 click=1",
     "first", "click_id: click_id 1 taken, click_id 2 not_first"},
    {"the later click is too late", "-:a@5, -:b@-300s-1", "click=1 click=2", "",
     "click_id: click_id 2 after_conversion, click_id 1 taken"},

    // 2 link_slug
    {"a key and no click", "", "slug=a", "", "link_slug: link_slug a taken"},
    {"a key that no link has", "", "slug=none", "",
     "orphan (link_not_found): link_slug link_not_found"},
    {"the person's click of 60 days", "me:a@60d", "slug=a visitor", "",
     "link_slug: link_slug 1 taken, link_slug a not_first"},
    {"the person's click of 60 days and 1 ms", "me:a@60d+1", "slug=a visitor", "",
     "link_slug: link_slug 1 outside_window, link_slug a taken, identity_60d 1 outside_window, "
     "identity_90d 1 lower_rung"},
    {"another window for keys", "me:a@1d+1", "slug=a visitor", "link_slug=1d",
     "link_slug: link_slug 1 outside_window, link_slug a taken, identity_60d 1 lower_rung"},
    {"the person's click within the skew", "me:a@-300s", "slug=a visitor", "",
     "link_slug: link_slug 1 taken, link_slug a not_first"},
    {"the person's click behind the skew", "me:a@-300s-1", "slug=a visitor", "",
     "link_slug: link_slug a taken"},
    {"another person's click on the named link", "other:a@1", "slug=a visitor", "",
     "link_slug: link_slug a taken"},
    {"the person's click on another link", "me:b@1", "slug=a visitor", "",
     "link_slug: link_slug a taken, identity_60d 1 lower_rung"},
    {"a bot's click on the named link", "me:a@1 bot", "slug=a visitor", "",
     "link_slug: link_slug 1 bot, link_slug a taken"},
    {"a disabled link's key", "", "slug=off", "",
     "orphan (link_disabled): link_slug off link_disabled"},
    {"the key of a link disabled later", "", "slug=offlater", "",
     "link_slug: link_slug offlater taken"},
    {"an archived link's key", "", "slug=archived", "", "link_slug: link_slug archived taken"},
    {"a deleted link's key", "", "slug=gone", "",
     "orphan (link_not_found): link_slug link_not_found"},
    {"a key below a click id", "-:b@1", "click=1 slug=a", "",
     "click_id: click_id 1 taken, link_slug a lower_rung"},
    {"a key instead of an unknown click id", "", "click=none slug=a", "",
     "link_slug: click_id click_not_found, link_slug a taken"},
    {"rung 2 switched off", "", "slug=a", "link_slug=off", kNothing},
    {"of the person's clicks on the named link the latest", "me:a@2, me:a@1", "slug=a visitor", "",
     "link_slug: link_slug 2 taken, link_slug 1 not_first, link_slug a not_first"},
    {"of the person's clicks on the named link the first", "me:a@2, me:a@1", "slug=a visitor",
     "first", "link_slug: link_slug 1 taken, link_slug 2 not_first, link_slug a not_first"},

    // 3 lead
    {"the customer's lead", "-:a@1", "lead=1", "",
     "lead: lead 1 taken, customer customer_without_link"},
    {"a lead has no window", "-:a@3000d", "lead=1", "",
     "lead: lead 1 taken, customer customer_without_link"},
    {"a lead at the edge of a set window", "-:a@30d", "lead=1", "lead=30d",
     "lead: lead 1 taken, customer customer_without_link"},
    {"a lead behind the edge of a set window", "-:a@30d+1", "lead=1", "lead=30d",
     "identity_60d: lead 1 outside_window, customer customer_without_link, identity_60d 1 taken"},
    {"a lead whose click came after the sale", "-:a@-300s-1", "lead=1", "",
     "orphan (after_conversion): lead 1 after_conversion, customer customer_without_link"},
    {"a lead by a bot's click", "-:a@1 bot", "lead=1", "",
     "orphan (bot): lead 1 bot, customer customer_without_link"},
    {"a lead of a disabled link", "-:off@2d", "lead=1", "",
     "orphan (link_disabled): lead 1 link_disabled, customer customer_without_link"},
    {"rung 3 switched off", "-:a@1", "lead=1", "lead=off",
     "identity_60d: customer customer_without_link, identity_60d 1 taken"},
    {"a click id above the lead", "-:a@1, -:b@2", "lead=1 click=2", "",
     "click_id: click_id 2 taken, lead 1 lower_rung, customer customer_without_link"},
    {"a known customer's sale by API follows the lead", "-:a@1, -:b@2", "lead=1 click=2 follow", "",
     "lead: click_id 2 known_customer, lead 1 taken, customer customer_without_link"},
    {"a known customer's sale by API without a lead", "-:b@2", "who click=1 follow", "",
     "orphan (lead_not_found): click_id 1 known_customer, lead lead_not_found, "
     "customer customer_without_link"},
    {"a known customer's sale by API and a key", "", "who slug=a follow", "",
     "orphan (lead_not_found): link_slug a known_customer, lead lead_not_found, "
     "customer customer_without_link"},

    // 4 customer
    {"the link that the customer came by", "-:a@1", "origin=1", "",
     "customer: lead lead_not_found, customer 1 taken"},
    {"a customer's link has no window", "-:a@3000d", "origin=1", "",
     "customer: lead lead_not_found, customer 1 taken"},
    {"a customer's link at the edge of a set window", "-:a@30d", "origin=1", "customer=30d",
     "customer: lead lead_not_found, customer 1 taken"},
    {"a customer's link behind the edge of a set window", "-:a@30d+1", "origin=1", "customer=30d",
     "identity_60d: lead lead_not_found, customer 1 outside_window, identity_60d 1 taken"},
    {"a customer who came after the sale", "-:a@-300s-1", "origin=1", "",
     "orphan (lead_not_found): lead lead_not_found, customer 1 after_conversion"},
    {"a customer who came by a bot's click", "-:a@1 bot", "origin=1", "",
     "orphan (lead_not_found): lead lead_not_found, customer 1 bot"},
    {"a customer of a disabled link", "-:off@2d", "origin=1", "",
     "orphan (lead_not_found): lead lead_not_found, customer 1 link_disabled"},
    {"a customer's link below the lead", "-:a@1, -:b@2", "lead=1 origin=2", "",
     "lead: lead 1 taken, customer 2 lower_rung"},
    {"rung 4 switched off", "-:a@1", "origin=1", "customer=off",
     "identity_60d: lead lead_not_found, identity_60d 1 taken"},

    // 5 code
    {"a partner's code", "", "code=a", "", "code: code a taken"},
    {"a code that nobody has", "", "code=none", "", "orphan (code_not_found): code code_not_found"},
    {"a code that was disabled", "", "code=a!", "", "orphan (code_disabled): code a code_disabled"},
    {"a code of a disabled link", "", "code=off", "",
     "orphan (link_disabled): code off link_disabled"},
    {"a code below a key", "", "slug=b code=a", "",
     "link_slug: link_slug b taken, code a lower_rung"},
    {"a code above the person's click", "me:b@1", "code=a visitor", "",
     "code: code a taken, identity_60d 1 lower_rung"},
    {"rung 5 switched off", "", "code=a", "code=off", kNothing},

    // 7 and 8 identity
    {"a click of the same visitor", "me:a@0", "visitor", "", "identity_60d: identity_60d 1 taken"},
    {"a click of the same session", "me:a@1", "session", "", "identity_60d: identity_60d 1 taken"},
    {"a click of the same e-mail", "me:a@1", "email", "", "identity_60d: identity_60d 1 taken"},
    {"a click of the same customer", "me:a@1", "customer", "",
     "identity_60d: identity_60d 1 taken"},
    {"another person's click", "other:a@1", "visitor", "", kNothing},
    {"the person's click of 60 days, alone", "me:a@60d", "visitor", "",
     "identity_60d: identity_60d 1 taken"},
    {"the person's click of 60 days and 1 ms, alone", "me:a@60d+1", "visitor", "",
     "identity_90d: identity_60d 1 outside_window, identity_90d 1 taken"},
    {"the person's click of 90 days", "me:a@90d", "visitor", "",
     "identity_90d: identity_60d 1 outside_window, identity_90d 1 taken"},
    {"the person's click of 90 days and 1 ms", "me:a@90d+1", "visitor", "",
     "orphan (outside_window): identity_60d 1 outside_window, identity_90d 1 outside_window"},
    {"the person's click within the skew, alone", "me:a@-300s", "visitor", "",
     "identity_60d: identity_60d 1 taken"},
    {"the person's click behind the skew, alone", "me:a@-300s-1", "visitor", "", kNothing},
    {"the person's click was a bot's", "me:a@1 bot", "visitor", "",
     "orphan (bot): identity_60d 1 bot"},
    {"the person's click on a disabled link", "me:off@2d", "visitor", "",
     "orphan (link_disabled): identity_60d 1 link_disabled"},
    {"an older click stands for a disabled link's", "me:a@5d, me:off@2d", "visitor", "",
     "identity_60d: identity_60d 2 link_disabled, identity_60d 1 taken"},
    {"the person's latest click", "me:a@2, me:b@1", "visitor", "",
     "identity_60d: identity_60d 2 taken, identity_60d 1 not_first"},
    {"the person's first click", "me:a@2, me:b@1", "visitor", "first",
     "identity_60d: identity_60d 1 taken, identity_60d 2 not_first"},
    {"the person's first click in the window", "me:a@61d, me:b@1", "visitor", "first",
     "identity_60d: identity_60d 1 outside_window, identity_60d 2 taken, "
     "identity_90d 1 lower_rung"},
    {"the person's clicks of one moment", "me:a@5, me:b@5", "visitor", "",
     "identity_60d: identity_60d 2 taken, identity_60d 1 not_first"},
    {"one person in two browsers", "me:a@5, other:b@2", "visitor session=other", "",
     "identity_60d: identity_60d 2 taken, identity_60d 1 not_first"},
    {"the same click by all names", "me:a@5", "visitor session email customer", "",
     "identity_60d: identity_60d 1 taken"},
    {"rung 7 switched off", "me:a@1", "visitor", "identity_60d=off",
     "identity_90d: identity_90d 1 taken"},
    {"rungs 7 and 8 switched off", "me:a@1", "visitor", "identity_60d=off identity_90d=off",
     kNothing},
    {"another window for rung 7", "me:a@7d+1", "visitor", "identity_60d=7d",
     "identity_90d: identity_60d 1 outside_window, identity_90d 1 taken"},
    {"rung 8 without a window", "me:a@400d", "visitor", "identity_90d=none",
     "identity_90d: identity_60d 1 outside_window, identity_90d 1 taken"},
    {"a known customer's sale by API ignores the browser", "me:a@1", "who visitor follow", "",
     "orphan (lead_not_found): lead lead_not_found, customer customer_without_link"},
    {"more clicks than are recorded", "60*me:a@1d", "visitor", "",
     "identity_60d: identity_60d 1 taken, 49 x identity_60d not_first, and 10 more"},
    {"the first of more clicks than are recorded", "60*me:a@1d", "visitor", "first",
     "identity_60d: identity_60d 60 taken, 49 x identity_60d not_first, and 10 more"},
    {"a key and more clicks than are recorded", "60*me:b@1d", "slug=a visitor", "",
     "link_slug: link_slug a taken, 49 x identity_60d lower_rung, and 11 more"},

    // 9 to 11 workspace
    {"a webhook's sale, the latest click of all", "-:a@0", "webhook", "",
     "workspace_60d: workspace_60d 1 taken"},
    {"a click of all, 60 days", "-:a@60d", "webhook", "", "workspace_60d: workspace_60d 1 taken"},
    {"a click of all, 60 days and 1 ms", "-:a@60d+1", "webhook", "",
     "workspace_90d: workspace_60d 1 outside_window, workspace_90d 1 taken"},
    {"a click of all, 90 days", "-:a@90d", "webhook", "",
     "workspace_90d: workspace_60d 1 outside_window, workspace_90d 1 taken"},
    {"a click of all, 90 days and 1 ms", "-:a@90d+1", "webhook", "",
     "workspace_any: workspace_60d 1 outside_window, workspace_90d 1 outside_window, "
     "workspace_any 1 taken"},
    {"a click of all, years ago", "-:a@3000d", "webhook", "",
     "workspace_any: workspace_60d 1 outside_window, workspace_90d 1 outside_window, "
     "workspace_any 1 taken"},
    {"a window for rung 11", "-:a@100d+1", "webhook", "workspace_any=100d",
     "orphan (outside_window): workspace_60d 1 outside_window, workspace_90d 1 outside_window, "
     "workspace_any 1 outside_window"},
    {"a sale by API is not inferred", "-:a@1", "", "", kNothing},
    {"a sale by API where the workspace wants it", "-:a@1", "", "api",
     "workspace_60d: workspace_60d 1 taken"},
    {"the next visitor's click", "-:a@-1", "webhook", "", kNothing},
    {"nobody's bot", "-:b@2, -:a@1 bot", "webhook", "", "workspace_60d: workspace_60d 1 taken"},
    {"the latest of all", "-:a@2, -:b@1", "webhook", "",
     "workspace_60d: workspace_60d 2 taken, workspace_60d 1 not_first"},
    {"the latest of all of one moment", "-:a@5, -:b@5", "webhook", "",
     "workspace_60d: workspace_60d 2 taken, workspace_60d 1 not_first"},
    {"the latest of all on a disabled link", "-:a@5d, -:off@2d", "webhook", "",
     "workspace_60d: workspace_60d 2 link_disabled, workspace_60d 1 taken"},
    {"inferred: off", "-:a@1", "webhook", "inferred=off", kNothing},
    {"inferred: suggest", "-:a@2, -:b@1", "webhook", "inferred=suggest",
     "orphan (inferred_match_suggested): workspace_60d 2 suggested, workspace_60d 1 lower_rung"},
    {"inferred: attribute", "-:a@1", "webhook", "inferred=attribute",
     "workspace_60d: workspace_60d 1 taken"},
    {"inferred: attribute_and_pay", "-:a@1", "webhook", "inferred=attribute_and_pay",
     "workspace_60d, accepted: workspace_60d 1 taken"},
    {"a proof ends the search", "me:a@89d, -:b@1", "visitor webhook", "",
     "identity_90d: identity_60d 1 outside_window, identity_90d 1 taken"},
    {"rung 9 switched off", "-:a@1", "webhook", "workspace_60d=off",
     "workspace_90d: workspace_90d 1 taken"},
    {"rungs 9 and 10 switched off", "-:a@1", "webhook", "workspace_60d=off workspace_90d=off",
     "workspace_any: workspace_any 1 taken"},
};
static_assert(std::size(kCases) >= 60);

class LadderTableTest : public EngineTest {
  protected:
    std::string outcome(std::size_t number, const Case& one) {
        // No click of the table is from before the time that ids can tell.
        constexpr std::int64_t kSaleMs = 1'790'000'000'000;
        const auto done = db->write_now<std::string>(
            fmt::format("{}case{}", workspace_id, number), [&](Tx& tx) -> Result<std::string> {
                LadderWorld world(tx, kSaleMs);
                for (const auto click : parts_of(one.clicks, ", ")) world.click(click);
                const auto input = world.input(one.told, one.rules);
                world.delete_gone();
                return world.text_of(match_conversion(tx, input));
            });
        return done ? *done : done.error().message;
    }
};
HW_ON_BOTH_ENGINES(LadderTableTest);

TEST_P(LadderTableTest, EveryCase) {
    std::size_t number = 0;
    for (const auto& one : kCases) {
        EXPECT_EQ(outcome(++number, one), one.expected) << one.name;
    }
}

}  // namespace
}  // namespace hw
