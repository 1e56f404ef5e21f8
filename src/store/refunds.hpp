// SPDX-License-Identifier: Apache-2.0
// Refunds and disputes: facts about a payment, by a name it goes by (invoice:<id>,
// conversion:<id>), so that they may be told before the sale.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "store/tx.hpp"

namespace hw {

struct Refund {
    std::string workspace_id;
    std::string payment_alias;
    std::string refund_key;   // of whoever tells it, once for ever
    std::int64_t amount = 0;  // minor units
    std::string currency;     // of the sale; empty when the teller did not say
    std::string reason;
    std::int64_t at_ms = 0;
};

bool insert_refund(Tx& tx, const Refund& refund);  // false: it was told before
std::vector<Refund> refunds_of(Tx& tx, std::string_view workspace_id,
                               std::string_view payment_alias);

struct Dispute {
    std::string workspace_id;
    std::string payment_alias;
    std::string dispute_key;
    std::string state;  // open, won, lost
    std::int64_t at_ms = 0;
};

bool insert_dispute(Tx& tx, const Dispute& dispute);  // false: it was told before
std::vector<Dispute> disputes_of(Tx& tx, std::string_view workspace_id,
                                 std::string_view payment_alias);

}  // namespace hw
