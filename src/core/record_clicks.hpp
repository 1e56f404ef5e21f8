// SPDX-License-Identifier: Apache-2.0
// Clicks, as a batch: one click counts per visitor and link and hour (reference: Dub's rule, with a
// durable index instead of a cache). Bots are kept and flagged, never counted.
#pragma once

#include <span>
#include <vector>

#include "store/db.hpp"
#include "store/touches.hpp"

namespace hw {

// One answer per touch, in order. The touches carry their own workspace; ids are already made.
std::vector<RecordedClick> record_clicks(Tx& tx, std::span<const Touch* const> touches);

}  // namespace hw
