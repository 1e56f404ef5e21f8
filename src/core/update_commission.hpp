// SPDX-License-Identifier: Apache-2.0
// A person's decision about a commission: another amount, or another status (reference: dub, 2.9).
// The commission itself stays as it was credited; the decision is a row of its own.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "store/commissions.hpp"

namespace hw {

struct UpdateCommission {
    std::string commission_id;
    // Minor units of `currency`; at most one of the first two.
    std::optional<std::int64_t> sale_amount{};
    std::optional<std::int64_t> modify_sale_amount{};  // added to what it is before refunds
    std::optional<std::int64_t> earnings{};
    std::string currency{};               // empty: the reporting currency
    std::optional<std::string> status{};  // pending, refunded, duplicate, canceled, fraud
    std::string decided_by;
};

// Another sale amount earns what the same reward pays for it; 0 makes it refunded. 404, and 400 for
// one that was paid, that is no sale, or that has the status already.
Result<Commission> update_commission(Tx& tx, const UpdateCommission& input);

struct UpdateCommissions {
    std::vector<std::string> commission_ids;  // each once
    std::string status;
    std::string decided_by;
};

// All or none. 404 names the unknown ones, 400 those that were paid or are there already.
Result<void> update_commissions(Tx& tx, const UpdateCommissions& input);

}  // namespace hw
