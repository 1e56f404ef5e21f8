// SPDX-License-Identifier: Apache-2.0
#include "store/json_array.hpp"

#include <boost/json.hpp>

namespace hw {

std::string json_array_text(std::span<const std::string> texts) {
    return boost::json::serialize(boost::json::array(texts.begin(), texts.end()));
}

}  // namespace hw
