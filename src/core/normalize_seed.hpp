// SPDX-License-Identifier: Apache-2.0
// A seed file's content checked and brought into the form that is stored, before any of it is.
#pragma once

#include "base/error.hpp"
#include "core/seed_world.hpp"

namespace hw {

// The error names the place in the file and the fix: "workspaces[0].links[3].url: ...".
Result<void> normalize_seed(SeedWorld& world);

}  // namespace hw
