// SPDX-License-Identifier: Apache-2.0
// JSON text as JavaScript's JSON.stringify writes it, so that metadata comes back as its owner sent
// it (19.99, not 1.999E1) and length limits count the same characters.
#pragma once

#include <boost/json.hpp>
#include <string>

namespace hw {

// Numbers that are not finite are written as null.
std::string json_text(const boost::json::value& value);

}  // namespace hw
