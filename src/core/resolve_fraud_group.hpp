// SPDX-License-Identifier: Apache-2.0
// What becomes of commissions that fraud rules hold: a person releases a group of them or calls it
// fraud, or nobody does and time releases it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "store/fraud_groups.hpp"
#include "store/tx.hpp"

namespace hw {

struct FraudDecision {
    bool is_fraud = false;  // else the commissions are released
    std::string decided_by;
};

// The same decision again changes nothing; another one is refused with 409. A commission that other
// groups hold too stays held; one that a person has decided about by itself stays as it is. Groups
// of many commissions are settled to their end in the background.
Result<FraudGroup> resolve_fraud_group(Tx& tx, std::string_view group_id,
                                       const FraudDecision& decision);

// Releases groups whose time is up, and goes on with what was resolved. Gives how many commissions
// and groups it touched, so that 0 means that nothing is left to do.
std::int64_t settle_fraud_groups(Tx& tx, std::int64_t limit);

}  // namespace hw
