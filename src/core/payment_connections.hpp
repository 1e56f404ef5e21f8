// SPDX-License-Identifier: Apache-2.0
// The connections of a workspace to its payment processors: made, given new secrets, taken away.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "core/payment_provider.hpp"
#include "store/payment_connections.hpp"
#include "store/tx.hpp"

namespace hw {

struct NewPaymentConnection {
    std::string connection_id{};  // empty: 128 random bits
    std::string provider;
    std::string mode = "live";
    std::vector<std::string> secrets{};  // the one in use first
};

// 422 names the field; Conflict: the id or a secret is used already, here or in another workspace.
Result<PaymentConnection> create_payment_connection(Tx& tx, const NewPaymentConnection& input);

Result<PaymentConnection> get_payment_connection(Tx& tx, std::string_view connection_id);
Result<std::string> delete_payment_connection(Tx& tx, const std::string& connection_id);

// From now on this secret signs, and the one before it for `keep_ms` more.
Result<PaymentConnection> rotate_payment_secret(Tx& tx, std::string_view connection_id,
                                                const std::string& secret, std::int64_t keep_ms);

}  // namespace hw
