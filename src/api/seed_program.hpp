// SPDX-License-Identifier: Apache-2.0
// The collections of a seed file that are about partner programmes.
#pragma once

#include "api/seed_fields.hpp"
#include "core/seed_program.hpp"

namespace hw {

Result<SeedProgramme> read_seed_programme(const SeedFields& workspace);

}  // namespace hw
