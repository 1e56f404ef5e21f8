// SPDX-License-Identifier: Apache-2.0
// Books the recurring revenue of one subscription as its facts have it by now: the differences to
// what was booked before, each under a key of its own.
#pragma once

#include <string>
#include <string_view>

#include "base/error.hpp"
#include "core/project_payments.hpp"
#include "store/tx.hpp"

namespace hw {

Result<void> settle_movements(Tx& tx, std::string_view provider, const std::string& subscription_id,
                              const PaymentProjection& projection);

}  // namespace hw
