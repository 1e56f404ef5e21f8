// SPDX-License-Identifier: Apache-2.0
// Work that several nodes know of and one should do.
#pragma once

#include <string_view>

#include "store/tx.hpp"

namespace hw {

// True when no other transaction holds the lock of this name; this one then holds it to its end.
// On SQLite always true: there is one writer.
bool try_advisory_lock(Tx& tx, std::string_view name);

// Waits until this transaction holds the lock of this name.
void wait_advisory_lock(Tx& tx, std::string_view name);

}  // namespace hw
