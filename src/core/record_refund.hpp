// SPDX-License-Identifier: Apache-2.0
// Money that went back to a buyer: takes back the same share of the commission as of the sale.
#pragma once

#include "base/error.hpp"
#include "core/settle_commission.hpp"
#include "store/refunds.hpp"

namespace hw {

struct RecordedRefund {
    Refund refund;                             // as it was told first
    std::optional<std::string> conversion_id;  // nothing: its sale is not known yet
    bool is_new = false;
};

// May come before its sale. Told again under the same key it changes nothing; with another amount
// or currency that is a Conflict. The workspace is the transaction's.
Result<RecordedRefund> record_refund(Tx& tx, Refund refund);

}  // namespace hw
