// SPDX-License-Identifier: Apache-2.0
// Names for customers of whom nothing is known: "Big Red Caribou".
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/env.hpp"

namespace hw {

// An adjective, a colour and an animal.
std::string random_name(Env& env);

std::span<const std::string_view> name_adjectives();
std::span<const std::string_view> name_colours();
std::span<const std::string_view> name_animals();

}  // namespace hw
