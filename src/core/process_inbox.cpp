// SPDX-License-Identifier: Apache-2.0
#include "core/process_inbox.hpp"

#include <algorithm>
#include <set>
#include <string>

#include "core/settle_payments.hpp"
#include "store/inbox.hpp"
#include "store/jobs.hpp"

namespace hw {
namespace {

// The same delivery once more: by then its payment has waited long enough.
void process_again(Tx& tx, std::string_view provider, std::string_view inbox_id,
                   std::int64_t at_ms) {
    NewJob job;
    job.kind = kProcessInboxJob;
    job.subject_id = inbox_id;
    job.payload = provider;
    job.run_at_ms = at_ms;
    job.dedupe_key = "settle:" + job.subject_id;
    insert_job(tx, job);
}

}  // namespace

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
    std::int64_t again_at_ms = 0;
    for (const auto& aggregate_id : touched) {
        const auto settled = HW_TRY(settle_payments(tx, provider, aggregate_id));
        told_otherwise = told_otherwise || settled.told_otherwise;
        again_at_ms = std::max(again_at_ms, settled.again_at_ms);
    }
    if (again_at_ms > 0) process_again(tx, provider, inbox_id, again_at_ms);
    settle_inbox(tx, inbox_id, "processed", told_otherwise ? "amount_told_otherwise" : "");
    return {};
}

}  // namespace hw
