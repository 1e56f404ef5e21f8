// SPDX-License-Identifier: Apache-2.0
#include "core/record_dispute.hpp"

namespace hw {

RecordedDispute record_dispute(Tx& tx, Dispute dispute) {
    dispute.workspace_id = tx.workspace_id();
    if (dispute.at_ms == 0) dispute.at_ms = tx.now_ms();
    lock_payment(tx, dispute.payment_alias);
    const bool is_new = insert_dispute(tx, dispute);
    if (is_new) settle_payment(tx, dispute.payment_alias, "dispute");
    return {conversion_of_payment(tx, dispute.payment_alias), is_new};
}

}  // namespace hw
