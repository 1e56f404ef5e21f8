// SPDX-License-Identifier: Apache-2.0
#include "core/create_payouts.hpp"

#include <future>

#include "base/civil_time.hpp"
#include "core/record_refund.hpp"
#include "core/settle_commission.hpp"
#include "tests/fixture/program_test.hpp"

namespace hw {
namespace {

class CreatePayoutsTest : public ProgramTest {
  protected:
    // Every sale of 100.00 earns 20.00, due at once. Leads earn nothing.
    CreatePayoutsTest() { pay_at_once(); }
    void sell(const std::string& name, const std::string& by) {
        lead(name, by);
        auto told = sale_of(name, 10'000);
        told.invoice_id = name;
        sold(told);
    }
    static CreatePayouts all() {
        return {.program_id = "prog_1",
                .partner_id = {},
                .description = "November",
                .decided_by = "ada"};
    }
    Texts create(const CreatePayouts& input) {
        const auto created = write([&](Tx& tx) { return create_payouts(tx, input); });
        Texts texts;
        for (const auto& payout : created->payouts) {
            texts.push_back(fmt::format("{} {}", payout.partner_id, payout.amount));
        }
        return texts;
    }
    void minimum(std::int64_t amount) {
        put([&](Tx& tx) {
            auto program = *find_program(tx, workspace_id, "prog_1");
            program.min_payout_amount = amount;
            update_program(tx, program);
        });
    }
};

TEST_P(CreatePayoutsTest, OncePerPartner) {
    enroll("pn_2");
    const auto other = make_click(partner_link("p2", "pn_2"), 5);
    sell("a", click);
    sell("b", click);
    sell("c", other);
    EXPECT_EQ(create(all()), (Texts{"pn_1 4000", "pn_2 2000"}));
    EXPECT_EQ(create(all()), Texts{});
    sell("d", click);
    auto of_one = all();
    of_one.partner_id = "pn_2";
    EXPECT_EQ(create(of_one), Texts{});
    of_one.partner_id = "pn_1";
    EXPECT_EQ(create(of_one), (Texts{"pn_1 2000"}));
    expect_clean_books();
}

TEST_P(CreatePayoutsTest, SoManyPartnersAtOnceAndThenTheRest) {
    for (std::size_t i = 0; i < kPayoutsAtOnceMax + 1; ++i) {
        const auto partner = fmt::format("pn_many{:03}", i);
        enroll(partner);
        const auto on = partner_link("many" + std::to_string(i), partner);
        sold(direct_sale("buyer" + std::to_string(i),
                         make_click(on, static_cast<std::int64_t>(i) + 100), 1'000));
    }
    const auto first = *write([&](Tx& tx) { return create_payouts(tx, all()); });
    EXPECT_EQ(first.payouts.size(), kPayoutsAtOnceMax);
    auto rest = all();
    rest.after_partner_id = first.last_partner_id;
    EXPECT_EQ(create(rest).size(), 1U);
}

TEST_P(CreatePayoutsTest, NotBelowTheMinimum) {
    minimum(4'000);
    sell("a", click);
    EXPECT_EQ(create(all()), Texts{});
    sell("b", click);
    EXPECT_EQ(create(all()), (Texts{"pn_1 4000"}));
    expect_clean_books();
}

TEST_P(CreatePayoutsTest, NotWhatIsHeldBackYet) {
    hold_days(30);
    sell("a", click);
    EXPECT_EQ(create(all()), Texts{});
    env.advance_ms(31 * kDayMs);
    put([](Tx& tx) { settle_matured(tx, "", 100); });
    EXPECT_EQ(create(all()).size(), 1U);
    expect_clean_books();
}

TEST_P(CreatePayoutsTest, UnknownNames) {
    struct Case {
        std::string program;
        std::optional<std::string> partner;
        std::string message;
    };
    const Case cases[] = {{"prog_x", {}, "Program not found"},
                          {"prog_1", "pn_x", "There is no partner pn_x."}};
    for (const auto& c : cases) {
        auto input = all();
        input.program_id = c.program;
        input.partner_id = c.partner;
        const auto created = write([&](Tx& tx) { return create_payouts(tx, input); });
        ASSERT_FALSE(created);
        EXPECT_EQ(created.error().message, c.message);
    }
}

TEST_P(CreatePayoutsTest, AtOnceByMany) {
    for (int i = 0; i < 10; ++i) sell(std::to_string(i), click);
    std::vector<std::future<Result<CreatedPayouts>>> asked;
    for (int i = 0; i < 50; ++i) {
        asked.push_back(later([](Tx& tx) { return create_payouts(tx, all()); }));
    }
    std::int64_t amount = 0;
    for (auto& one : asked) {
        const auto created = one.get();
        ASSERT_TRUE(created) << created.error().message;
        for (const auto& payout : created->payouts) amount += payout.amount;
    }
    EXPECT_EQ(amount, 20'000);
    expect_clean_books();
}

HW_ON_BOTH_ENGINES(CreatePayoutsTest);

}  // namespace
}  // namespace hw
