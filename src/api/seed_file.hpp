// SPDX-License-Identifier: Apache-2.0
// The JSON file that `headwater seed` reads: workspaces, each with arrays named like the API's
// collections and in them the API's objects, ids and keys in clear.
#pragma once

#include <string_view>

#include "base/error.hpp"
#include "core/seed_world.hpp"

namespace hw {

// Reads the shape only; normalize_seed judges the content. Fields of links and customers that the
// API derives (clicks, shortLink, ...) may stand there and are passed over; an unknown collection
// is refused. The error names the place: "workspaces[0].links[3].url: ...".
Result<SeedWorld> read_seed_file(std::string_view text);

}  // namespace hw
