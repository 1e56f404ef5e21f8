// SPDX-License-Identifier: Apache-2.0
// Finds ready jobs and takes them under a lease: of each workspace in turn, and within it of each
// destination that is well.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "jobs/held_jobs.hpp"
#include "jobs/job_kind.hpp"
#include "jobs/lease_watch.hpp"
#include "jobs/slewed_clock.hpp"
#include "store/db.hpp"

namespace hw {

class JobClaims {
  public:
    JobClaims(Db& db, const JobKinds& kinds, const JobRunnerOptions& options, HeldJobs& held,
              SlewedClock& clock);

    // Up to `most`, which the caller must attempt and settle. On one thread.
    std::vector<Job> claim(std::size_t most);

    // Tells the other nodes that the holder of these jobs is alive.
    void extend_leases();

  private:
    struct Candidate {
        std::string workspace_id;
        std::vector<JobLane> lanes;
    };
    // What one look at the database finds.
    struct Look {
        std::vector<WaitingJob> due;
        std::vector<RunningJob> lost;
        std::vector<std::string> workspaces;
        std::vector<Candidate> candidates;
    };

    Look look(std::size_t most);
    std::vector<std::string> next_workspaces(Tx& tx) const;
    std::vector<JobLane> open_lanes(Tx& tx, const std::string& workspace_id,
                                    std::size_t most) const;
    bool wake(const Look& seen);
    std::vector<Job> claim_from(const std::vector<Candidate>& candidates, std::size_t most);
    std::vector<Job> claim_from(const Candidate& candidate, std::size_t most);
    std::vector<Job> claim_in(Tx& tx, const Candidate& candidate, std::size_t most);
    bool may_try(Tx& tx, const Candidate& candidate, const JobLane& lane);

    Db& db_;
    const JobRunnerOptions& options_;
    HeldJobs& held_;
    SlewedClock& clock_;
    LeaseWatch watch_;
    std::map<std::string, std::int64_t> leases_ms_;        // of the kinds that have their own
    std::string served_last_;                              // the workspace
    std::map<std::string, std::string> lane_served_last_;  // of each workspace
};

}  // namespace hw
