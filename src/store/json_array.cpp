// SPDX-License-Identifier: Apache-2.0
#include "store/json_array.hpp"

#include <boost/json.hpp>

namespace hw {

std::string json_array_text(std::span<const std::string> texts) {
    return boost::json::serialize(boost::json::array(texts.begin(), texts.end()));
}

std::vector<std::string> texts_of_json_array(std::string_view text) {
    const auto value = boost::json::parse(text);
    std::vector<std::string> texts;
    for (const auto& item : value.as_array()) texts.emplace_back(item.as_string());
    return texts;
}

}  // namespace hw
