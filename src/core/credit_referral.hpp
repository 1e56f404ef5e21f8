// SPDX-License-Identifier: Apache-2.0
// What a partner earns for another one whom they brought, when that one is approved: by the
// referral reward of their own group, once, and payable at once.
#pragma once

#include <optional>

#include "store/commissions.hpp"
#include "store/partners.hpp"
#include "store/tx.hpp"

namespace hw {

// `brought` is the new partner. Nothing when nobody brought them, or nothing is due for it.
std::optional<Commission> credit_referral(Tx& tx, const Enrollment& brought);

}  // namespace hw
