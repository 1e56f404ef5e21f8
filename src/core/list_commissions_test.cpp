// SPDX-License-Identifier: Apache-2.0
#include "core/list_commissions.hpp"

#include "base/limits.hpp"
#include "tests/fixture/program_test.hpp"

namespace hw {
namespace {

class ListCommissionsTest : public ProgramTest {
  protected:
    std::string list(const std::function<void(ListCommissions&)>& change) {
        ListCommissions input;
        input.range.interval = kIntervalAll;
        change(input);
        const auto found = read([&](Tx& tx) { return list_commissions(tx, input); });
        if (!found) return found.error().message;
        std::string text;
        for (const auto& view : *found) {
            text += fmt::format("{}{} {}", text.empty() ? "" : ", ", view.commission.kind,
                                view.state.earnings);
        }
        return text;
    }
};

const Query kManyCommissions{"test_many_commissions", R"sql(
insert into commissions (workspace_id, commission_id, program_id, partner_id, kind, modifier_id,
    quantity, amount, earnings, currency, occurred_at_ms, matures_at_ms, created_at_ms)
with recursive n(i) as (select 1 union all select i + 1 from n where i < $2)
select cast($1 as text), 'cm_many' || cast(i as text), 'prog_1', 'pn_1', 'custom', '', 1, 0, 1,
    'usd', 1, 1, 1 from n
)sql"};
const Query kManyStates{"test_many_commission_states", R"sql(
insert into commission_states (workspace_id, commission_id, partner_id, status, amount, earnings,
    due, updated_at_ms)
with recursive n(i) as (select 1 union all select i + 1 from n where i < $2)
select cast($1 as text), 'cm_many' || cast(i as text), 'pn_1', 'pending', 0, 1, 0, 1 from n
)sql"};

// PostgreSQL does this by itself, some time after so many rows came at once.
const Query kAnalyze{"test_analyze", "select 1", "analyze commissions, commission_states"};

// A condition on the metadata is not looked for in more than so many.
TEST_P(ListCommissionsTest, ASearchHasAnEnd) {
    put([&](Tx& tx) {
        tx.exec(kManyCommissions, workspace_id, limits::kMetadataRowsMax);
        tx.exec(kManyStates, workspace_id, limits::kMetadataRowsMax);
        tx.exec(kAnalyze);
    });
    EXPECT_EQ(list([](auto& l) { l.metadata = [](std::string_view) { return false; }; }),
              "invalid_value: query: more than 50000 commissions would have to be read: add a "
              "start, a partner or a customer.");
}

TEST_P(ListCommissionsTest, ThoseOfAnInvoiceHavePagesToo) {
    lead("ada", click);
    auto told = sale_of("ada", 1'000);
    told.invoice_id = "in_1";
    sold(told);
    const auto newest = *read([&](Tx& tx) -> Result<std::string> {
        CommissionFilter all;
        all.program_id = "prog_1";
        return list_commission_ids(tx, all).front();
    });
    EXPECT_EQ(list([](auto& l) { l.filter.invoice_id = "in_1"; }), "sale 200");
    EXPECT_EQ(list([&](auto& l) {
                  l.filter.invoice_id = "in_1";
                  l.starting_after = newest;
              }),
              "");
}

TEST_P(ListCommissionsTest, CursorsAndMetadata) {
    lead("ada", click);
    for (const int seats : {3, 10, 25}) {
        auto told = sale_of("ada", seats * 100);
        told.metadata = fmt::format(R"({{"seats":{}}})", seats);
        sold(told);
    }
    EXPECT_EQ(list([](auto&) {}), "sale 500, sale 200, sale 60, lead 300");
    const auto newest = *read([&](Tx& tx) -> Result<std::string> {
        CommissionFilter all;
        all.program_id = "prog_1";
        return list_commission_ids(tx, all).front();
    });
    EXPECT_EQ(list([&](auto& l) { l.starting_after = newest; }), "sale 200, sale 60, lead 300");
    EXPECT_EQ(list([&](auto& l) {
                  l.starting_after = newest;
                  l.filter.limit = 1;
              }),
              "sale 200");
    EXPECT_EQ(list([&](auto& l) {
                  l.ending_before = newest;
                  l.filter.descending = false;
                  l.filter.limit = 2;
              }),
              "sale 60, sale 200");
    EXPECT_EQ(list([&](auto& l) {
                  l.starting_after = newest;
                  l.filter.order = CommissionOrder::Amount;
              }),
              "Cursor-based pagination only supports sorting by `createdAt`. Use offset-based "
              "pagination (page/pageSize) for other sort fields.");
    EXPECT_EQ(list([](auto& l) { l.page = limits::kPageMax + 1; }),
              "Page is too big (cannot be more than 1000), recommend using cursor-based "
              "pagination instead.");
    const auto with_ten = [](auto& l) {
        l.metadata = [](std::string_view text) { return text.find("10") != text.npos; };
    };
    EXPECT_EQ(list(with_ten), "sale 200");
    EXPECT_EQ(list([&](auto& l) {
                  with_ten(l);
                  l.page = 2;
              }),
              "");
}

HW_ON_BOTH_ENGINES(ListCommissionsTest);

}  // namespace
}  // namespace hw
