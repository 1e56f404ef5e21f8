// SPDX-License-Identifier: Apache-2.0
#include "jobs/process_inbox.hpp"

#include "store/inbox.hpp"
#include "tests/fixture/fake_provider.hpp"
#include "tests/fixture/job_runner_test.hpp"

namespace hw {
namespace {

// Says of every delivery what the test wants.
class TellingProvider final : public PaymentProvider {
  public:
    Result<std::vector<PaymentFact>> facts = std::vector<PaymentFact>{};

    std::string_view name() const override { return "stripe"; }
    std::span<const std::string_view> kept_headers() const override { return {}; }
    Result<std::size_t> verify(const InboundMessage&, std::span<const std::string>) const override {
        return 0U;
    }
    Result<DeliveryHead> read_head(const InboundMessage&) const override { return DeliveryHead{}; }
    Result<std::vector<PaymentFact>> read_facts(const InboundMessage&) const override {
        return facts;
    }
};

class ProcessInboxTest : public JobRunnerTest {
  protected:
    std::string arrive(const std::string& provider) {
        env.advance_ms(1);
        return *write([&](Tx& tx) -> Result<std::string> {
            InboxRow row;
            row.workspace_id = workspace_id;
            row.inbox_id = tx.new_id("ibx_");
            row.connection_id = "c";
            row.delivery_id = row.inbox_id;
            row.body = "{}";
            EXPECT_TRUE(insert_inbox(tx, row));
            NewJob job;
            job.kind = kProcessInboxJob;
            job.subject_id = row.inbox_id;
            job.payload = provider;
            insert_job(tx, job);
            return row.inbox_id;
        });
    }
    std::string state_of(const std::string& id) {
        return *read([&](Tx& tx) -> Result<std::string> {
            const auto row = find_inbox(tx, id);
            return row->state + " " + row->reason;
        });
    }
    std::string state_after(const TellingProvider& provider, const std::string& name) {
        const auto id = arrive(name);
        auto kind = std::make_unique<ProcessInbox>(*db, PaymentProviders{&provider});
        runner(std::move(kind))->step();
        return state_of(id);
    }
};

TEST_P(ProcessInboxTest, States) {
    TellingProvider provider;
    EXPECT_EQ(state_after(provider, "stripe"), "ignored event_of_no_interest");
    PaymentFact fact;
    fact.fact_key = "evt_1";
    fact.kind = "customer";
    fact.anchor_id = fact.customer_id = "cus_1";
    provider.facts = std::vector{fact};
    EXPECT_EQ(state_after(provider, "stripe"), "processed ");
    provider.facts = fail(ErrorCode::UnprocessableEntity, "550 isk is no amount");
    EXPECT_EQ(state_after(provider, "stripe"), "dead 550 isk is no amount");
    EXPECT_EQ(state_after(provider, "paddle"), "dead nobody here reads deliveries of \"paddle\"");
}

TEST_P(ProcessInboxTest, EightTries) {
    ProcessInbox kind(*db, {});
    std::int64_t most_ms = 10'000;
    for (int attempts = 1; attempts < 8; ++attempts, most_ms *= 2) {
        const auto pause_ms = kind.pause_ms(attempts, env);
        ASSERT_TRUE(pause_ms);
        EXPECT_LE(*pause_ms, most_ms);
    }
    EXPECT_FALSE(kind.pause_ms(8, env));
}

HW_ON_BOTH_ENGINES(ProcessInboxTest);

}  // namespace
}  // namespace hw
