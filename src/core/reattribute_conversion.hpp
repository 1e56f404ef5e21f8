// SPDX-License-Identifier: Apache-2.0
// A person's decision that a conversion belongs to another link: a new row of attributions, the
// counts and the commission moved with it, in one transaction.
#pragma once

#include <optional>
#include <string>

#include "base/error.hpp"
#include "store/attributions.hpp"
#include "store/commissions.hpp"

namespace hw {

struct ReattributeConversion {
    std::string conversion_id;
    std::string link_id;  // of the transaction's workspace
    std::string reason;
    std::string decided_by;  // who
};

struct Reattributed {
    Attribution attribution;               // that stands now
    bool changed = false;                  // false: it belonged there already
    std::optional<Commission> commission;  // that the new link's partner was credited with
};

// The old partner's commission is reversed, also when it was paid (it then waits for the next
// payout as a negative carry). An orphan gets its link by this, and an inferred match is accepted.
// 404 for what there is not, 422 for what counts nowhere.
Result<Reattributed> reattribute_conversion(Tx& tx, const ReattributeConversion& input);

}  // namespace hw
