// SPDX-License-Identifier: Apache-2.0
#include "store/advisory_lock.hpp"

#include "base/digest.hpp"

namespace hw {
namespace {

// SQLite needs none: its one writer is the lock.
const Query kTryAdvisoryLock{"try_advisory_lock", "",
                             "select pg_try_advisory_xact_lock($1)::int::bigint"};

const Query kWaitAdvisoryLock{"wait_advisory_lock", "", "select 1 from pg_advisory_xact_lock($1)"};

}  // namespace

bool try_advisory_lock(Tx& tx, std::string_view name) {
    if (tx.engine() == EngineKind::Sqlite) return true;
    return tx
        .first(
            kTryAdvisoryLock, [](const Row& row) { return row.boolean(0); },
            keyed_hash_64("headwater", name))
        .value_or(false);
}

void wait_advisory_lock(Tx& tx, std::string_view name) {
    if (tx.engine() == EngineKind::Sqlite) return;
    tx.any(kWaitAdvisoryLock, keyed_hash_64("headwater", name));
}

}  // namespace hw
