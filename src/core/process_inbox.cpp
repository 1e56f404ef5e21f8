// SPDX-License-Identifier: Apache-2.0
#include "core/process_inbox.hpp"

#include <set>
#include <string>

#include "core/settle_payments.hpp"
#include "store/inbox.hpp"

namespace hw {

Result<void> process_inbox(Tx& tx, std::string_view provider, std::string_view inbox_id,
                           std::span<const PaymentFact> facts) {
    if (facts.empty()) {
        settle_inbox(tx, inbox_id, "ignored", "event_of_no_interest");
        return {};
    }
    lock_payments(tx, provider);
    std::set<std::string> touched;
    for (const auto& fact : facts) {
        if (!insert_payment_fact(tx, provider, fact, inbox_id)) continue;
        join_payment_objects(tx, provider, fact.object_ids());
    }
    // A later fact may have moved what an earlier one touched.
    for (const auto& fact : facts) {
        touched.insert(find_payment_aggregate(tx, provider, fact.anchor_id).value_or(""));
    }
    bool told_otherwise = false;
    for (const auto& aggregate_id : touched) {
        const auto settled = HW_TRY(settle_payments(tx, provider, aggregate_id));
        told_otherwise = told_otherwise || settled.told_otherwise;
    }
    settle_inbox(tx, inbox_id, "processed", told_otherwise ? "amount_told_otherwise" : "");
    return {};
}

}  // namespace hw
