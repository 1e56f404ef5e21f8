// SPDX-License-Identifier: Apache-2.0
#include "core/decide_again.hpp"

#include "base/limits.hpp"
#include "core/record_revenue.hpp"
#include "store/jobs.hpp"
#include "tests/fixture/program_test.hpp"

namespace hw {
namespace {

class DecideAgainTest : public ProgramTest {
  protected:
    // Sales of one customer, whom nobody knows.
    void sell(int count) {
        put([&](Tx& tx) {
            for (int i = 0; i < count; ++i) {
                RecordRevenue revenue;
                revenue.kind = "renewal";
                revenue.payment_ids = {fmt::format("in_{:05}", i)};
                revenue.payment_processor = "custom";
                revenue.amount = 1'000;
                revenue.currency = "usd";
                revenue.occurred_at_ms = tx.now_ms();
                revenue.customer_external_id = "ann";
                revenue.source = "revenue";
                revenue.evidence.session_id = "s1";
                HW_ASSERT(record_revenue(tx, revenue).has_value());
            }
        });
        env.advance_ms(1);
    }
    // Does one round of jobs; gives how many there were.
    std::size_t work() {
        return *write([&](Tx& tx) -> Result<std::size_t> {
            const auto jobs = claim_jobs(tx, {.workspace_id = workspace_id,
                                              .lease = tx.new_id("lease_"),
                                              .lease_ms = 60'000,
                                              .limit = 100});
            std::size_t done = 0;
            for (const auto& job : jobs) {
                if (job.kind == kDecideAgainJob) {
                    ++done;
                    go_on_deciding(tx, job.subject_id, job.payload);
                }
                HW_ASSERT(finish_job(tx, job));
            }
            return done;
        });
    }
};
HW_ON_BOTH_ENGINES(DecideAgainTest);

TEST_P(DecideAgainTest, AllOfThemAPartAtOnce) {
    sell(150);
    EXPECT_EQ(rows().orphans, 150);
    lead("ann", click);
    EXPECT_EQ(rows().orphans, 150 - limits::kDecidedAgainAtOnce);
    EXPECT_EQ(work(), 1U);
    EXPECT_EQ(rows().orphans, 0);
    EXPECT_EQ(work(), 0U);
    expect_clean_books();
}

TEST_P(DecideAgainTest, AFullPartIsNotTheLast) {
    sell(limits::kDecidedAgainAtOnce);
    lead("ann", click);
    EXPECT_EQ(rows().orphans, 0);
    EXPECT_EQ(work(), 1U) << "it finds nothing, and ends";
    EXPECT_EQ(work(), 0U);
}

TEST_P(DecideAgainTest, ByWhatIsSeenOfAVisitor) {
    sell(150);
    const auto see = [&](const std::string& kind, const std::string& value) {
        put([&](Tx& tx) {
            const Identity seen[] = {{workspace_id, kind, value, "fp", tx.now_ms()}};
            const auto first = insert_identities(tx, seen);
            decide_again_for(tx, first);
        });
        env.advance_ms(1);
    };
    see("click", click);
    EXPECT_EQ(rows().orphans, 150) << "nobody knows that it is the buyer";
    see("session", "s1");
    EXPECT_EQ(rows().orphans, 50);
    EXPECT_EQ(work(), 1U);
    EXPECT_EQ(rows().orphans, 0);
    see("session", "s1");
    EXPECT_EQ(work(), 0U) << "that is no news";
}

}  // namespace
}  // namespace hw
