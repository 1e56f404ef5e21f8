// SPDX-License-Identifier: Apache-2.0
#include "api/jobs.hpp"

#include "base/civil_time.hpp"
#include "store/job_destinations.hpp"
#include "store/jobs.hpp"
#include "tests/fixture/api_test.hpp"

namespace hw {
namespace {

class JobsApiTest : public ApiTest {
  protected:
    std::string add(const std::string& kind, const std::string& destination) {
        env.advance_ms(1);
        return *write([&](Tx& tx) -> Result<std::string> {
            return insert_job(tx, {.kind = kind,
                                   .subject_id = "sale_1",
                                   .payload = "the payload",
                                   .dedupe_key = destination + tx.new_id("d"),
                                   .destination = destination})
                .job_id;
        });
    }
    std::string add_dead(const std::string& kind, const std::string& destination,
                         const std::string& why) {
        auto id = add(kind, destination);
        const auto buried = write([&](Tx& tx) -> Result<bool> {
            const auto lease = tx.new_id("lease_");
            const auto jobs = claim_jobs(tx, {.workspace_id = workspace_id,
                                              .destination = destination,
                                              .lease = lease,
                                              .limit = 1});
            return bury_job(tx, jobs.at(0), why);
        });
        HW_ASSERT(buried && *buried);
        return id;
    }
    // The ids of a list, or the refusal.
    std::string ids(const std::string& query) {
        const auto answer = send("GET", "/jobs" + query);
        if (answer.status != 200) return detail_of(answer);
        std::string text;
        const auto jobs = json_of(answer).as_array();
        for (const auto& job : jobs) text += std::string(job.at("id").as_string()) + " ";
        return text;
    }
    static std::string detail_of(const Response& response) {
        return std::string(json_of(response).at("detail").as_string());
    }
};

TEST_P(JobsApiTest, ListsAndShows) {
    const auto one = add("send", "hook:1");
    const auto two = add_dead("send", "hook:2", "status 503");
    const auto now = [&](std::int64_t by_ms) { return time_text(env.now_ms() + by_ms); };
    struct Row {
        std::string query;
        std::string expected;
    };
    for (const auto& row : std::vector<Row>{
             {"", two + " " + one + " "},
             {"?pageSize=1", two + " "},
             {"?startingAfter=" + two, one + " "},
             {"?state=dead", two + " "},
             {"?state=ready", one + " "},
             {"?state=done", ""},
             {"?kind=send", two + " " + one + " "},
             {"?kind=copy", ""},
             {"?destination=hook:1", one + " "},
             {"?error=STATUS", two + " "},
             {"?start=" + now(1), ""},
             {"?end=" + now(1), two + " " + one + " "},
             {"?state=lost",
              "Invalid state 'lost': a job is ready, waiting, running, blocked, done, dead, "
              "discarded."},
             {"?pageSize=101", "x"},
             {"?start=yesterday", "x"},
         }) {
        const auto found = ids(row.query);
        if (row.expected == "x") {
            EXPECT_EQ(send("GET", "/jobs" + row.query).status, 422) << row.query;
        } else {
            EXPECT_EQ(found, row.expected) << row.query;
        }
    }
    const auto shown = send("GET", "/jobs/" + two);
    EXPECT_EQ(shown.status, 200);
    const auto job = json_of(shown);
    EXPECT_EQ(job.at("payload").as_string(), "the payload");
    EXPECT_EQ(job.at("lastError").as_string(), "status 503");
    EXPECT_EQ(job.at("state").as_string(), "dead");
    EXPECT_EQ(job.at("attempts").as_int64(), 1);
    EXPECT_TRUE(job.at("note").is_null());
    EXPECT_EQ(send("GET", "/jobs/job_nobody").status, 404);
}

TEST_P(JobsApiTest, OneIsTriedAgainOrDiscarded) {
    const auto one = add_dead("send", "hook", "status 503");
    EXPECT_EQ(json_of(send("POST", "/jobs/" + one + "/retry")).at("state").as_string(), "ready");
    const auto again = send("POST", "/jobs/" + one + "/retry");
    EXPECT_EQ(again.status, 409);
    EXPECT_EQ(detail_of(again),
              "The job is ready: only one that is dead or waiting can be tried now.");
    const auto gone = send("POST", "/jobs/" + one + "/discard", R"({"note":"sent by hand"})");
    EXPECT_EQ(json_of(gone).at("state").as_string(), "discarded");
    EXPECT_EQ(json_of(gone).at("note").as_string(), "sent by hand");
    EXPECT_EQ(send("POST", "/jobs/" + one + "/discard").status, 409);
    EXPECT_EQ(send("POST", "/jobs/job_nobody/discard").status, 404);
    EXPECT_EQ(send("POST", "/jobs/job_nobody/retry").status, 404);
    EXPECT_EQ(send("POST", "/jobs/" + one + "/discard", R"({"note":5})").status, 422);
}

TEST_P(JobsApiTest, ManyAreTriedAgainByFilter) {
    struct Row {
        std::string body;
        int status;
        std::int64_t retried;
    };
    for (const auto& row : std::vector<Row>{
             {"", 422, 0},
             {"{}", 422, 0},
             {R"({"all":false})", 422, 0},
             {R"({"start":"never"})", 422, 0},
             {R"({"kind":"send"})", 200, 2},
             {R"({"destination":"hook:2"})", 200, 2},
             {R"({"kind":"send","destination":"hook:2"})", 200, 1},
             {R"({"error":"timeout"})", 200, 1},
             {R"({"start":"2000-01-01T00:00:00Z"})", 200, 3},
             {R"({"end":"2000-01-01T00:00:00Z"})", 200, 0},
             {R"({"all":true})", 200, 3},
         }) {
        const std::vector<std::string> made = {add_dead("send", "hook:1", "status 503"),
                                               add_dead("send", "hook:2", "timeout"),
                                               add_dead("copy", "hook:2", "status 503")};
        const auto answer = send("POST", "/jobs/retry", row.body);
        EXPECT_EQ(answer.status, row.status) << row.body;
        if (row.status == 200) {
            EXPECT_EQ(json_of(answer).at("retried").as_int64(), row.retried) << row.body;
        }
        for (const auto& id : made) send("POST", "/jobs/" + id + "/discard");
    }
}

TEST_P(JobsApiTest, DestinationsArePausedAndResumed) {
    EXPECT_EQ(send("GET", "/job-destinations").body, "[]");
    const auto paused =
        send("POST", "/job-destinations/webhook%3Awh_1/pause", R"({"reason":"they asked"})");
    EXPECT_EQ(paused.status, 200);
    EXPECT_EQ(json_of(paused).at("destination").as_string(), "webhook:wh_1");
    EXPECT_EQ(json_of(paused).at("pausedReason").as_string(), "they asked");
    const auto failing = write([&](Tx& tx) -> Result<bool> {
        add_destination_failure(tx, workspace_id, "webhook:wh_2", "status 503");
        break_off_destination(tx, workspace_id, "webhook:wh_2", tx.now_ms() + 1'000);
        return true;
    });
    ASSERT_TRUE(failing);
    const auto both = json_of(send("GET", "/job-destinations")).as_array();
    ASSERT_EQ(both.size(), 2U);
    EXPECT_TRUE(both[0].at("openUntil").is_null());
    EXPECT_EQ(both[1].at("openUntil").as_string(), time_text(env.now_ms() + 1'000));
    EXPECT_EQ(both[1].at("failures").as_int64(), 1);
    EXPECT_EQ(
        json_of(send("GET", "/job-destinations?startingAfter=webhook:wh_1")).as_array().size(), 1U);
    EXPECT_EQ(send("POST", "/job-destinations/webhook%3Awh_1/resume").status, 200);
    EXPECT_EQ(send("POST", "/job-destinations/webhook%3Awh_2/resume").status, 200);
    EXPECT_EQ(send("POST", "/job-destinations/webhook%3Awh_2/resume").status, 404);
    EXPECT_EQ(send("GET", "/job-destinations").body, "[]");
}

TEST_P(JobsApiTest, NeedsItsScopes) {
    struct Row {
        std::string scopes;
        int read;
        int write;
    };
    for (const auto& row : std::vector<Row>{{"workspaces.read", 200, 403},
                                            {"workspaces.write", 403, 200},
                                            {"links.read links.write", 403, 403}}) {
        api_key = make_api_key(row.scopes);
        EXPECT_EQ(send("GET", "/jobs").status, row.read) << row.scopes;
        EXPECT_EQ(send("POST", "/jobs/retry", R"({"all":true})").status, row.write) << row.scopes;
    }
}

HW_ON_BOTH_ENGINES(JobsApiTest);

}  // namespace
}  // namespace hw
