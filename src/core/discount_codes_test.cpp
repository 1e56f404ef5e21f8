// SPDX-License-Identifier: Apache-2.0
#include "core/discount_codes.hpp"

#include "core/enroll_partner.hpp"
#include "core/match_conversion.hpp"
#include "core/programs.hpp"
#include "tests/fixture/engine_test.hpp"

namespace hw {
namespace {

class DiscountCodesTest : public EngineTest {
  protected:
    void SetUp() override {
        const auto made = write([&](Tx& tx) -> Result<Link> {
            ProgramFields fields;
            fields.name = "Shop";
            fields.url.emplace("https://shop.example");
            HW_TRY(create_program(tx, fields));
            NewPartner input;
            input.email = "ann@mail.example";
            const auto ann = HW_TRY(enroll_partner(tx, input)).enrolled;
            const auto first = ann.links.front().link;
            for (const auto* code : {"ANN", "OFF"}) {
                HW_TRY(create_discount_code(tx, {.code = code,
                                                 .partner_id = ann.partner.partner_id,
                                                 .link_id = first.link_id}));
            }
            return first;
        });
        HW_ASSERT(made.has_value());
        link = *made;
    }
    std::string rungs(const MatchInput& input) {
        const auto match =
            read([&](Tx& tx) -> Result<Match> { return match_conversion(tx, input); });
        auto text = match->rung;
        for (const auto& candidate : match->candidates) {
            text += " " + candidate.rung + ":" + candidate.verdict;
        }
        return text;
    }

    Link link;
};

TEST_P(DiscountCodesTest, TheCodeComesAfterEveryTraceOfTheCustomer) {
    const auto other = make_link("other");
    const auto click = make_click(other, 1);
    Customer known;
    known.workspace_id = workspace_id;
    known.customer_id = "cus_1";
    known.link_id = other.link_id;
    const std::int64_t now_ms = env.now_ms();
    const auto input = [&](std::string_view code) {
        MatchInput told;
        told.occurred_at_ms = now_ms;
        told.told_code = code;
        return told;
    };
    struct Row {
        MatchInput input;
        std::string expected;
    };
    auto with_click = input("ANN");
    with_click.told_click_id = click;
    auto with_slug = input("ann");
    with_slug.told_link_slug = "other";
    auto with_customer = input("ANN");
    with_customer.customer = &known;
    auto known_to_api = with_customer;
    known_to_api.follow_lead_only = true;
    auto with_lost_click = input("ANN");
    with_lost_click.told_click_id = "0000000000000000";
    const Row rows[] = {
        {input("ANN"), "code code:taken"},
        {input("aNn"), "code code:taken"},
        {input("BOB"), "orphan code:code_not_found"},
        {input(""), "orphan"},
        {with_click, "click_id click_id:taken code:lower_rung"},
        {with_slug, "link_slug link_slug:taken code:lower_rung"},
        {with_customer, "customer lead:lead_not_found customer:taken code:lower_rung"},
        {known_to_api, "orphan lead:lead_not_found customer:known_customer code:known_customer"},
        {with_lost_click, "code click_id:click_not_found code:taken"},
    };
    for (const auto& row : rows) EXPECT_EQ(rungs(row.input), row.expected);

    change(link, disable);
    EXPECT_EQ(rungs(input("ANN")), "orphan code:link_disabled");
    ASSERT_TRUE(write([&](Tx& tx) -> Result<bool> {
        disable_codes_of_partner(tx, workspace_id, *link.partner_id);
        return true;
    }));
    EXPECT_EQ(rungs(input("ANN")), "orphan code:code_disabled");
    ASSERT_TRUE(write([](Tx& tx) { return delete_discount_code(tx, "ann"); }));
    EXPECT_EQ(rungs(input("ANN")), "orphan code:code_not_found");
}

HW_ON_BOTH_ENGINES(DiscountCodesTest);

}  // namespace
}  // namespace hw
