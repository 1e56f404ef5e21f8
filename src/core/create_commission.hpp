// SPDX-License-Identifier: Apache-2.0
// POST /commissions: a person gives a partner a commission by hand: for nothing in particular, for
// a lead, or for a sale that happened elsewhere (reference: dub, 2.9).
#pragma once

#include <optional>
#include <string>

#include "base/error.hpp"
#include "core/create_customer.hpp"
#include "core/track_sale.hpp"
#include "store/commissions.hpp"

namespace hw {

// Of the partner's links; the one that earned most when none is named.
struct CommissionFor {
    std::string partner_id;
    std::optional<std::string> link_id;
    std::optional<std::string> customer_id;  // or else:
    std::optional<NewCustomer> customer;     // made when its external id is new
    std::optional<std::int64_t> at_ms;       // nothing: now
};

struct CustomCommission {
    std::string partner_id;
    std::int64_t amount = 0;  // minor units of the reporting currency; negative: a clawback
    std::string description;
    std::optional<std::int64_t> at_ms;  // nothing: now
    std::string decided_by;
};
// 404 for a partner who is not in the programme.
Result<Commission> create_custom_commission(Tx& tx, const CustomCommission& input);

struct LeadCommission {
    CommissionFor whose;
    std::string event_name;
    std::optional<std::string> metadata;
};
// The lead is recorded as any other one; nothing when it earns the partner nothing.
Result<std::optional<Commission>> create_lead_commission(Tx& tx, const LeadCommission& input);

struct SaleCommission {
    CommissionFor whose;
    TrackSale sale;  // without customer and click
};
// The same; 409 when the invoice id is taken.
Result<std::optional<Commission>> create_sale_commission(Tx& tx, const SaleCommission& input);

}  // namespace hw
