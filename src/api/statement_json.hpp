// SPDX-License-Identifier: Apache-2.0
// A partner's statement as a file of two lines: the statement, and the signature over the bytes of
// that line. Whoever has the file can verify it without this server.
#pragma once

#include <string>
#include <string_view>

#include "api/json.hpp"
#include "core/partner_statement.hpp"

namespace hw {

json::object ledger_json(const SealedTransaction& sealed);
json::array balances_json(const std::vector<Balance>& balances);

// The two lines. `seed`: base/ed25519.hpp.
std::string signed_statement(const PartnerStatement& statement, std::string_view seed);

// The key in a file that holds it alone, in base64, or the whole answer of GET /ledger/key.
Result<std::string> read_public_key(std::string_view file);

// Whether the second line signs the first, and whether what the first one says adds up: its
// balances are the sums of its postings. `public_key`, base64: of the signer, if the reader knows
// it; empty: the one that the file names. Gives what a person wants to read about it.
Result<std::string> verify_statement(std::string_view file, std::string_view public_key);

}  // namespace hw
