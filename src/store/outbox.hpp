// SPDX-License-Identifier: Apache-2.0
// The journal of what happened, for those who must be told: written with the fact itself.
#pragma once

#include <string_view>

#include "store/tx.hpp"

namespace hw {

// `kind` is "lead.created", "sale.created" (`subject_id`: the conversion) or "commission.created".
void append_outbox(Tx& tx, std::string_view kind, std::string_view subject_id);

}  // namespace hw
