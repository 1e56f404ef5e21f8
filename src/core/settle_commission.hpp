// SPDX-License-Identifier: Apache-2.0
// Brings the books in line with what is known about a commission: posts the difference between
// where it stands (core/commission_standing.hpp) and what was posted before.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/commissions.hpp"
#include "store/tx.hpp"
#include "store/verify.hpp"

namespace hw {

// Call it after every fact that concerns the commission, in the same transaction. `kind` names the
// ledger transaction, when there is one. Does nothing the second time.
CommissionState settle_commission(Tx& tx, const Commission& commission, std::string_view kind);

// What a payout may pay for it by now, whether one has it already or not.
std::int64_t payable_now(Tx& tx, const Commission& commission);

// Whoever tells a fact about a payment (invoice:<id>, conversion:<id>), or credits its sale, comes
// here first: others wait until this transaction ends, and then see what it wrote.
void lock_payment(Tx& tx, std::string_view payment_alias);
std::string invoice_alias(std::string_view invoice_id);
std::string conversion_alias(std::string_view conversion_id);

// The sale of that name; nothing while it is not known.
std::optional<std::string> conversion_of_payment(Tx& tx, std::string_view payment_alias);

// The same for all commissions of a payment, if it is known.
void settle_payment(Tx& tx, std::string_view payment_alias, std::string_view kind);

// Pending ones whose holding period has ended, at most `limit` after that id. Gives the last id
// looked at; empty when there are no more.
std::string settle_matured(Tx& tx, std::string_view after_id, std::int64_t limit);

// Where state or postings differ from what the facts imply: nowhere, unless something is wrong.
std::vector<Difference> verify_commission(Tx& tx, const Commission& commission);

}  // namespace hw
