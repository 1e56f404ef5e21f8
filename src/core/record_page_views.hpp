// SPDX-License-Identifier: Apache-2.0
// Page views and events, as a batch: each counts once however often it is told, makes its visitor's
// session longer by its own time, and says what was seen together. The state after any set of them
// does not depend on their order.
#pragma once

#include <span>

#include "store/page_views.hpp"

namespace hw {

// The views carry their own workspace and id.
void record_page_views(Tx& tx, std::span<const PageView* const> views);

}  // namespace hw
