// SPDX-License-Identifier: Apache-2.0
// Where payment processors deliver their webhooks, and the secrets that they sign with. A
// directory: the id of a connection names its workspace.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/tx.hpp"

namespace hw {

struct PaymentConnection {
    std::string connection_id;
    std::string workspace_id;
    std::string provider;
    std::string mode;                        // live, test
    std::optional<std::int64_t> thin_at_ms;  // when a thin event came last
    std::int64_t created_at_ms = 0;
    std::optional<std::int64_t> deleted_at_ms;
};

bool insert_payment_connection(Tx& tx, const PaymentConnection& connection);  // false: id taken
void remove_payment_connection(Tx& tx, std::string_view connection_id);       // with its secrets
void note_thin_delivery(Tx& tx, std::string_view connection_id);

// Of any workspace, deleted ones too: for the operator.
std::optional<PaymentConnection> find_payment_connection(Tx& tx, std::string_view connection_id);
// Of the workspace, the oldest first, without those that were deleted.
std::vector<PaymentConnection> list_payment_connections(Tx& tx, std::string_view workspace_id);

struct PaymentSecret {
    std::string secret;
    std::optional<std::int64_t> until_ms;  // nothing: the one in use
    std::int64_t created_at_ms = 0;
};

// False: a connection of this server has it already.
bool insert_payment_secret(Tx& tx, const PaymentConnection& connection, std::string_view secret,
                           std::optional<std::int64_t> until_ms = {});
// The one in use first. Those that are over are left out.
std::vector<PaymentSecret> list_payment_secrets(Tx& tx, const PaymentConnection& connection);
void end_payment_secret(Tx& tx, const PaymentConnection& connection, std::string_view secret,
                        std::int64_t until_ms);
// Those that are over may be used elsewhere.
void delete_ended_secrets(Tx& tx, const PaymentConnection& connection);

}  // namespace hw
