// SPDX-License-Identifier: Apache-2.0
// What SQLite's planner is told about the tables. Without it it takes any workspace to have ten
// rows, and reads all of them rather than use a second index.
#pragma once

#include "store/connection.hpp"

namespace hw {

// For SQLite: the same statistics for every database, whatever it holds, so that plans are the same
// in tests and years later. In the connection's transaction; connections made later know them.
void write_plan_statistics(Connection& connection);

}  // namespace hw
