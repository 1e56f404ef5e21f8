// SPDX-License-Identifier: Apache-2.0
// Endpoints hear of it when attribution stops working for a workspace, and when it works again.
#pragma once

#include <string_view>

#include "store/tx.hpp"

namespace hw {

inline constexpr std::string_view kStatusChanged = "alert.status_changed";

// Whether tell_status would write now. Reads only.
bool has_new_status(Tx& tx);

// Tells the status when it is another than the one that was told last, at most once an hour: what
// came and went within the hour is told to nobody. The first status of a workspace is kept and not
// told. True when it told.
bool tell_status(Tx& tx);

}  // namespace hw
