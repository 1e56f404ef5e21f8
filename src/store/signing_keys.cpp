// SPDX-License-Identifier: Apache-2.0
#include "store/signing_keys.hpp"

#include "base/fault.hpp"

namespace hw {
namespace {

const Query kFindSigningSeed{"find_signing_seed", R"sql(
select seed from signing_keys where workspace_id = $1
)sql"};

const Query kKeepSigningSeed{"keep_signing_seed", R"sql(
insert into signing_keys (workspace_id, seed, created_at_ms) values ($1, $2, $3)
on conflict do nothing
)sql"};

}  // namespace

std::optional<std::string> find_signing_seed(Tx& tx, std::string_view workspace_id) {
    return tx.first(kFindSigningSeed, [](const Row& row) { return row.bytes(0); }, workspace_id);
}

std::string keep_signing_seed(Tx& tx, std::string_view workspace_id, std::string_view seed) {
    tx.exec(kKeepSigningSeed, workspace_id, Param::Bytes{seed}, tx.now_ms());
    const auto kept = find_signing_seed(tx, workspace_id);
    HW_ASSERT(kept);
    return *kept;
}

}  // namespace hw
