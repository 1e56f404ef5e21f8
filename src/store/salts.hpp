// SPDX-License-Identifier: Apache-2.0
// Daily salts of the visitor hash. Two are kept; with an older one deleted nobody can tell any more
// which visitor a hash of that day was.
#pragma once

#include <string>
#include <string_view>

#include "store/tx.hpp"

namespace hw {

// The salt of that day (YYYY-MM-DD), made now if need be; all nodes see the same one.
std::string ensure_salt(Tx& tx, std::string_view day);
void delete_salts_before(Tx& tx, std::string_view day);

}  // namespace hw
