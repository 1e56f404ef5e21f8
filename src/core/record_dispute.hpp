// SPDX-License-Identifier: Apache-2.0
// A buyer's bank asks money back: an open dispute holds the commission, a lost one takes it back, a
// won one releases it.
#pragma once

#include "core/settle_commission.hpp"
#include "store/refunds.hpp"

namespace hw {

struct RecordedDispute {
    std::optional<std::string> conversion_id;  // nothing: its sale is not known yet
    bool is_new = false;
};

// May come before its sale, and its verdict before it was opened. Told again it changes nothing.
// The workspace is the transaction's.
RecordedDispute record_dispute(Tx& tx, Dispute dispute);

}  // namespace hw
