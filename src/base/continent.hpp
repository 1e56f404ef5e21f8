// SPDX-License-Identifier: Apache-2.0
// Which continent a country lies on, so that counts per country are counts per continent as well.
#pragma once

#include <string_view>

namespace hw {

// "EU" of "DE"; empty for what is no ISO 3166 country.
std::string_view continent_of(std::string_view country);

}  // namespace hw
