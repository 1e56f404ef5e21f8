// SPDX-License-Identifier: Apache-2.0
#include "core/list_ledger.hpp"

namespace hw {

std::vector<SealedTransaction> list_ledger(Tx& tx, const ListLedger& input) {
    auto transactions =
        input.commission_id.empty()
            ? list_ledger(tx, tx.workspace_id(), input.account, input.after_id, input.limit)
            : list_ledger_of_commission(tx, tx.workspace_id(), input.commission_id);
    std::vector<SealedTransaction> sealed;
    for (auto& transaction : transactions) {
        auto seal = seal_of(tx, tx.workspace_id(), transaction.ledger_id);
        sealed.push_back({std::move(transaction), std::move(seal)});
    }
    return sealed;
}

}  // namespace hw
