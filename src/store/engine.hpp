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

// Records the batch within `tx` (already begun); the answers belong to `clicks` by position.
std::vector<RecordedClick> record_batch(Tx& tx, const DbOptions& options,
                                        const std::vector<PendingClick>& clicks);

// After the commit: makes the clicks findable and answers them.
void answer_batch(RecentClicks& recent, std::vector<PendingClick>& clicks,
                  std::vector<RecordedClick>& answers);

// The error that a fault becomes for whoever waits.
Error error_of(const Fault& fault);

}  // namespace hw
