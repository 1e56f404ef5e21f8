// SPDX-License-Identifier: Apache-2.0
#include "core/jobs.hpp"

#include <fmt/format.h>

#include "base/limits.hpp"
#include "store/jobs.hpp"
#include "tests/fixture/engine_test.hpp"

namespace hw {
namespace {

class JobsUseCaseTest : public EngineTest {
  protected:
    // A job in that state; gives its id.
    std::string make(std::string_view state) {
        return *write([&](Tx& tx) -> Result<std::string> {
            const auto order = state == "blocked" ? tx.new_id("o_") : std::string();
            const auto add = [&] {
                return insert_job(tx, {.kind = "k",
                                       .subject_id = "",
                                       .payload = "",
                                       .run_at_ms = state == "waiting" ? tx.now_ms() + 1'000 : 0,
                                       .order_key = order,
                                       .destination = std::string(state)})
                    .job_id;
            };
            if (state == "blocked") add();
            auto id = add();
            if (state == "ready" || state == "waiting" || state == "blocked") return id;
            const auto lease = tx.new_id("lease_");
            const auto job = claim_jobs(tx, {.workspace_id = workspace_id,
                                             .destination = std::string(state),
                                             .lease = lease})
                                 .at(0);
            if (state == "done") HW_ASSERT(finish_job(tx, job));
            if (state == "dead" || state == "discarded") HW_ASSERT(bury_job(tx, job, "why"));
            if (state == "discarded") HW_ASSERT(discard_job(tx, workspace_id, id, ""));
            return id;
        });
    }
    template <class F>
    std::string outcome(F work) {
        const auto result = write([&](Tx& tx) { return work(tx); });
        return result ? result->state : result.error().reason;
    }
};

TEST_P(JobsUseCaseTest, WhatCanBeTriedAgainAndWhatDiscarded) {
    struct Row {
        std::string state;
        std::string retried;
        std::string discarded;
    };
    for (const auto& row : std::vector<Row>{
             {"ready", "job_not_retryable", "discarded"},
             {"waiting", "ready", "discarded"},
             {"running", "job_not_retryable", "job_not_discardable"},
             {"blocked", "job_not_retryable", "discarded"},
             {"done", "job_not_retryable", "job_not_discardable"},
             {"dead", "ready", "discarded"},
             {"discarded", "job_not_retryable", "job_not_discardable"},
         }) {
        const auto one = make(row.state);
        EXPECT_EQ(outcome([&](Tx& tx) { return get_job(tx, one); }), row.state);
        EXPECT_EQ(outcome([&](Tx& tx) { return retry_job_now(tx, one); }), row.retried)
            << row.state;
        const auto two = make(row.state);
        EXPECT_EQ(outcome([&](Tx& tx) { return discard_job_now(tx, two, "note"); }), row.discarded)
            << row.state;
        const auto found =
            *read([&](Tx& tx) { return search_jobs(tx, {.state = row.state}, "", 9); });
        for (const auto& job : found) EXPECT_EQ(job.state, row.state);
    }
    EXPECT_EQ(outcome([](Tx& tx) { return get_job(tx, "job_x"); }), "job_not_found");
    EXPECT_EQ(outcome([](Tx& tx) { return retry_job_now(tx, "job_x"); }), "job_not_found");
    EXPECT_EQ(outcome([](Tx& tx) { return discard_job_now(tx, "job_x", ""); }), "job_not_found");
}

TEST_P(JobsUseCaseTest, RefusesWhatItCannotMean) {
    const auto dead = make("dead");
    const std::string long_text(limits::kJobNoteCharactersMax + 1, 'x');
    const std::string longest(limits::kJobNoteCharactersMax, 'x');
    const auto reason = [&](auto work) {
        const auto result = write([&](Tx& tx) { return work(tx); });
        return result ? std::string() : result.error().reason + ": " + result.error().message;
    };
    EXPECT_EQ(reason([&](Tx& tx) { return search_jobs(tx, {.state = "lost"}, "", 1); }),
              "invalid_state: Invalid state 'lost': a job is ready, waiting, running, blocked, "
              "done, dead, discarded.");
    EXPECT_EQ(reason([&](Tx& tx) { return discard_job_now(tx, dead, long_text); }),
              "invalid_note: Invalid note: it has 501 characters. Give 0 to 500.");
    EXPECT_EQ(reason([&](Tx& tx) { return pause_jobs_to(tx, "", ""); }),
              "invalid_destination: Invalid destination: it has 0 characters. Give 1 to 500.");
    EXPECT_EQ(reason([&](Tx& tx) { return pause_jobs_to(tx, "to", long_text); }),
              "invalid_reason: Invalid reason: it has 501 characters. Give 0 to 500.");
    EXPECT_EQ(reason([&](Tx& tx) { return resume_jobs_to(tx, "to"); }),
              "destination_not_found: The destination 'to' is neither paused nor failing. GET "
              "/job-destinations lists those that are.");
    EXPECT_EQ(reason([&](Tx& tx) { return pause_jobs_to(tx, "to", longest); }), "");
    EXPECT_EQ(reason([&](Tx& tx) { return discard_job_now(tx, dead, longest); }), "");
    EXPECT_EQ(reason([&](Tx& tx) { return resume_jobs_to(tx, "to"); }), "");
}

TEST_P(JobsUseCaseTest, TheDeadAreTriedAgainInParts) {
    const auto total = static_cast<std::size_t>(limits::kJobsRevivedAtOnce) + 3;
    const auto made = write([&](Tx& tx) -> Result<bool> {
        for (std::size_t i = 0; i < total; ++i) {
            insert_job(tx, {.kind = "k", .subject_id = "", .payload = ""});
        }
        const auto jobs = claim_jobs(tx, {.workspace_id = workspace_id,
                                          .lease = "lease",
                                          .limit = static_cast<std::int64_t>(total)});
        for (const auto& job : jobs) HW_ASSERT(bury_job(tx, job, "why"));
        return true;
    });
    ASSERT_TRUE(made);
    const auto first = *write([](Tx& tx) { return retry_dead_jobs(tx, {}, ""); });
    EXPECT_EQ(first.count, static_cast<std::size_t>(limits::kJobsRevivedAtOnce));
    EXPECT_NE(first.last, "");
    const auto second = *write([&](Tx& tx) { return retry_dead_jobs(tx, {}, first.last); });
    EXPECT_EQ(second.count, 3U);
    EXPECT_EQ(second.last, "");
}

HW_ON_BOTH_ENGINES(JobsUseCaseTest);

}  // namespace
}  // namespace hw
