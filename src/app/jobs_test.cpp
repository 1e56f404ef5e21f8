// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "store/jobs.hpp"
#include "tests/fixture/engine_test.hpp"
#include "tests/fixture/headwater_process.hpp"

namespace hw {
namespace {

class JobsCommandTest : public EngineTest {
  protected:
    JobsCommandTest() : own_(own_database(GetParam())) {
        db = open({.url = own_.url});
        HW_ASSERT(run({"workspaces", "create", "acme"}).exit_code == 0);
        const auto workspaces = db->read_now<std::vector<Workspace>>(
            std::string(kOperator),
            [](Tx& tx) -> Result<std::vector<Workspace>> { return list_workspaces(tx); });
        workspace_id = workspaces->at(0).workspace_id;
    }
    ~JobsCommandTest() override { db.reset(); }

    Ran run(std::vector<std::string> arguments) {
        arguments.insert(arguments.end(), {"--database", own_.url});
        return run_headwater(arguments);
    }
    std::string add_dead(const std::string& kind) {
        env.advance_ms(1);
        return *write([&](Tx& tx) -> Result<std::string> {
            auto id = insert_job(tx, {.kind = kind,
                                      .subject_id = "evt_1",
                                      .payload = "the payload",
                                      .destination = "hook"})
                          .job_id;
            const auto lease = tx.new_id("lease_");
            const auto jobs = claim_jobs(
                tx, {.workspace_id = workspace_id, .destination = "hook", .lease = lease});
            HW_ASSERT(bury_job(tx, jobs.at(0), "status 503"));
            return id;
        });
    }

    OwnDatabase own_;
};

TEST_P(JobsCommandTest, ShowsRetriesDiscardsAndPauses) {
    const auto one = add_dead("send");
    const auto two = add_dead("send");
    const auto three = add_dead("copy");
    struct Row {
        std::vector<std::string> arguments;
        int exit_code;
        std::string said;  // in either output
    };
    for (const auto& row : std::vector<Row>{
             {{"dead"}, 0, three},
             {{"dead", "--limit", "1"}, 0, three},
             {{"dead", "--kind", "send"}, 0, "to hook  \"status 503\""},
             {{"dead", "--destination", "other"}, 0, "acme has no such jobs"},
             {{"list", "--state", "ready"}, 0, "acme has no such jobs"},
             {{"list", "--state", "lost"}, 2, "lost"},
             {{"list", "--limit", "0"}, 2, "limit"},
             {{"show", one}, 0, "the payload"},
             {{"show", "job_x"}, 1, "Job not found"},
             {{"retry"}, 2, "give either"},
             {{"retry", one, "--kind", "send"}, 2, "give either"},
             {{"retry", one}, 0, one + " is ready"},
             {{"retry", one}, 1, "The job is ready"},
             {{"retry", "--kind", "send"}, 0, "1 dead jobs of acme are ready"},
             {{"retry", two}, 1, "The job is ready"},
             {{"retry", "--all"}, 0, "1 dead jobs of acme are ready"},
             {{"discard", three, "--note", "by hand"}, 0, three + " is discarded"},
             {{"show", three}, 0, "by hand"},
             {{"discard", three}, 1, "The job is discarded"},
             {{"destinations"}, 0, "no destination of acme is paused or failing"},
             {{"pause", "hook", "--reason", "they asked"}, 0, "paused \"they asked\""},
             {{"destinations"}, 0, "hook  failures 0"},
             {{"resume", "hook"}, 0, "hook is resumed"},
             {{"resume", "hook"}, 1, "neither paused nor failing"},
             {{"dead", "--workspace", "nobody"}, 1, "nobody"},
         }) {
        auto arguments = row.arguments;
        arguments.insert(arguments.begin(), "jobs");
        const auto ran = run(arguments);
        const auto said = ran.out + ran.err;
        EXPECT_EQ(ran.exit_code, row.exit_code) << row.arguments.front() << ": " << said;
        EXPECT_TRUE(said.contains(row.said)) << row.arguments.front() << ": " << said;
    }
}

HW_ON_BOTH_ENGINES(JobsCommandTest);

}  // namespace
}  // namespace hw
