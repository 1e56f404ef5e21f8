// SPDX-License-Identifier: Apache-2.0
// How the two engines are made, and what both need. Private to store/.
#pragma once

#include <memory>
#include <vector>

#include "store/db.hpp"

namespace hw {

struct EngineParts {
    const DbOptions& options;
    Env& env;
    DbStats& stats;
    RecentClicks& recent;
};

std::unique_ptr<Engine> make_sqlite_engine(EngineParts parts);
std::unique_ptr<Engine> make_postgres_engine(EngineParts parts);

// Tells the caches of this process what the transaction changed.
void announce(const DbOptions& options, const std::vector<std::string>& invalidated);
void announce_jobs(const DbOptions& options);
void announce_broken(const DbOptions& options, std::string_view why);

// Runs `answers`, those of one commit, within DbOptions::around_answers.
void answer_together(const DbOptions& options, FunctionRef<void()> answers);

// Hands the task its result, or the error. As all that follow, it survives a callback that throws:
// the database threads are not theirs to end.
void answer_task(Task& task, std::optional<Error> error);

// Records the batch within `tx` (already begun); the answers belong to `clicks` by position.
std::vector<RecordedClick> record_batch(Tx& tx, const DbOptions& options,
                                        const std::vector<PendingClick>& clicks);

// After the commit: makes the clicks findable. `commit` as in RecentClicks::remember().
void remember_clicks(RecentClicks& recent, const std::vector<PendingClick>& clicks,
                     const std::vector<RecordedClick>& answers, std::uint64_t commit);

// When that commit is durable.
void answer_clicks(std::vector<PendingClick>& clicks, std::vector<RecordedClick>& answers);

// Instead of that: nothing was committed. Those that were answered before their commit are lost.
void refuse_clicks(DbStats& stats, std::vector<PendingClick>& clicks, const Error& error);

// The error that a fault becomes for whoever waits.
Error error_of(const Fault& fault);

}  // namespace hw
