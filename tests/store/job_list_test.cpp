// SPDX-License-Identifier: Apache-2.0
// Jobs as people search them and try them again.
#include "store/job_list.hpp"

#include "store/jobs.hpp"
#include "tests/fixture/engine_test.hpp"

namespace hw {
namespace {

class JobListTest : public EngineTest {
  protected:
    template <class F>
    auto done(F work) {
        using R = decltype(work(std::declval<Tx&>()));
        return *write([&](Tx& tx) -> Result<R> { return work(tx); });
    }
    void add(const NewJob& job) {
        done([&](Tx& tx) { return insert_job(tx, job); });
    }
    std::vector<Job> claim(std::int64_t limit, const std::string& destination) {
        return done([&](Tx& tx) {
            return claim_jobs(tx, {.workspace_id = workspace_id,
                                   .destination = destination,
                                   .lease = tx.new_id("lease_"),
                                   .limit = limit});
        });
    }
};

TEST_P(JobListTest, TheDeadAreRevivedByFilterInBatches) {
    struct Row {
        std::string kind;
        std::string destination;
        std::string why;
    };
    const std::vector<Row> rows = {{"send", "a", "Status 503"},
                                   {"send", "a", "status 404"},
                                   {"send", "b", "status 503"},
                                   {"copy", "a", "100% wrong"}};
    const auto died_ms = env.now_ms();
    for (const auto& row : rows) {
        add({.kind = row.kind, .subject_id = "", .payload = "", .destination = row.destination});
        const auto job = claim(1, row.destination).at(0);
        done([&](Tx& tx) { return bury_job(tx, job, row.why); });
    }
    const auto revived = [&](const JobFilter& filter, std::int64_t limit = 10) {
        std::size_t count = 0;
        // Tried out, and taken back.
        const auto undone = write([&](Tx& tx) -> Result<bool> {
            count = revive_jobs(tx, workspace_id, filter, "", limit).size();
            return fail(ErrorCode::Conflict, "");
        });
        EXPECT_EQ(undone.error().code, ErrorCode::Conflict) << undone.error().message;
        return count;
    };
    struct Case {
        JobFilter filter;
        std::size_t expected;
    };
    for (const auto& c : std::vector<Case>{{{}, 4},
                                           {{.kind = "send"}, 3},
                                           {{.destination = "a"}, 3},
                                           {{.kind = "send", .destination = "a"}, 2},
                                           {{.error = "STATUS 5"}, 2},
                                           {{.error = "0%"}, 1},
                                           {{.error = "_"}, 0},
                                           {{.from_ms = died_ms}, 4},
                                           {{.from_ms = died_ms + 1}, 0},
                                           {{.until_ms = died_ms}, 0},
                                           {{.until_ms = died_ms + 1}, 4}}) {
        EXPECT_EQ(revived(c.filter), c.expected) << c.filter.kind << c.filter.error;
    }
    EXPECT_EQ(revived({}, 3), 3U);
    std::string after;
    std::size_t count = 0;
    for (int i = 0; i < 4; ++i) {
        const auto ids = done([&](Tx& tx) { return revive_jobs(tx, workspace_id, {}, after, 1); });
        ASSERT_EQ(ids.size(), 1U);
        EXPECT_GT(ids[0], after);
        after = ids[0];
        ++count;
    }
    EXPECT_EQ(count, rows.size());
    EXPECT_EQ(claim(10, "a").size() + claim(10, "b").size(), rows.size());
}

TEST_P(JobListTest, AreListedNewestFirst) {
    for (const auto* subject : {"1", "2", "3"}) {
        env.advance_ms(1);
        add({.kind = "k", .subject_id = subject, .payload = "", .destination = "to"});
    }
    const auto dead = claim(1, "to").at(0);
    done([&](Tx& tx) { return bury_job(tx, dead, "why"); });
    const auto subjects = [&](const JobFilter& filter, std::string_view before = "",
                              std::int64_t limit = 10) {
        return done([&](Tx& tx) {
            std::string text;
            for (const auto& job : list_jobs(tx, workspace_id, filter, before, limit)) {
                text += job.subject_id;
            }
            return text;
        });
    };
    EXPECT_EQ(subjects({}), "321");
    EXPECT_EQ(subjects({}, "", 2), "32");
    EXPECT_EQ(subjects({}, dead.job_id), "");
    EXPECT_EQ(subjects({.state = "dead"}), "1");
    EXPECT_EQ(subjects({.state = "ready"}), "32");
    EXPECT_EQ(subjects({.state = "done"}), "");
    EXPECT_EQ(subjects({.destination = "to"}), "321");
    EXPECT_EQ(subjects({.destination = "from"}), "");
    EXPECT_EQ(subjects({.state = "dead", .error = "WHY"}), "1");
}

HW_ON_BOTH_ENGINES(JobListTest);

}  // namespace
}  // namespace hw
