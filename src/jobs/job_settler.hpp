// SPDX-License-Identifier: Apache-2.0
// Writes what became of attempts: the job and what its kind has to write in one transaction, many
// that are done at once, and what it says of the destination.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "jobs/job_kind.hpp"
#include "jobs/runner_options.hpp"
#include "jobs/slewed_clock.hpp"
#include "store/db.hpp"

namespace hw {

struct Attempted {
    Job job;
    JobOutcome outcome;
};

class JobSettler {
  public:
    JobSettler(Db& db, const JobKinds& kinds, const JobRunnerOptions& options, SlewedClock& clock,
               JobStats& stats);

    // From one thread at a time.
    void settle(std::span<const Attempted> attempts);

    JobKind* kind_of(const Job& job) const;  // null: a newer server may know it

  private:
    // What was written: nothing when the lease was lost.
    struct Written {
        bool held = false;
        bool dead = false;
        bool broken_off = false;
    };

    void settle_done(std::span<const Attempted* const> attempts);
    void settle_one(const Attempted& attempted);
    void settle_otherwise(const Attempted& attempted, const Error& why);
    Written write(Tx& tx, const Attempted& attempted);
    Written write_again(Tx& tx, const Attempted& attempted);
    bool write_failure(Tx& tx, const Attempted& attempted);
    void count(const Attempted& attempted, const Written& written);
    std::int64_t rest_ms(std::int64_t failures) const;

    Db& db_;
    const JobKinds& kinds_;
    const JobRunnerOptions& options_;
    SlewedClock& clock_;
    JobStats& stats_;
    Backoff unknown_kind_;
};

}  // namespace hw
