// SPDX-License-Identifier: Apache-2.0
// The postings behind any number: of an account, of a commission, or all of the workspace.
#pragma once

#include <string>
#include <vector>

#include "core/partner_statement.hpp"

namespace hw {

// Empty texts mean "no such filter"; a commission's come at once, whatever the limit.
struct ListLedger {
    std::string account{};
    std::string commission_id{};
    std::string after_id{};
    std::int64_t limit = 100;
};

std::vector<SealedTransaction> list_ledger(Tx& tx, const ListLedger& input);

}  // namespace hw
