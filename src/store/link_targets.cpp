// SPDX-License-Identifier: Apache-2.0
#include "store/link_targets.hpp"

#include <boost/json.hpp>

namespace hw {

namespace json = boost::json;

std::string geo_text(const std::vector<GeoTarget>& targets) {
    json::object object;
    for (const auto& target : targets) object[target.country] = target.url;
    return json::serialize(object);
}

std::vector<GeoTarget> geo_targets(std::string_view text) {
    std::vector<GeoTarget> targets;
    const auto value = json::parse(text);
    for (const auto& [country, url] : value.as_object()) {
        targets.push_back({std::string(country), std::string(url.as_string())});
    }
    return targets;
}

std::string test_variants_text(const std::vector<TestVariant>& variants) {
    json::array array;
    for (const auto& variant : variants) {
        array.push_back(json::object{{"url", variant.url}, {"percentage", variant.percentage}});
    }
    return json::serialize(array);
}

std::vector<TestVariant> test_variants(std::string_view text) {
    std::vector<TestVariant> variants;
    const auto value = json::parse(text);
    for (const auto& variant : value.as_array()) {
        variants.push_back({std::string(variant.at("url").as_string()),
                            variant.at("percentage").to_number<std::int64_t>()});
    }
    return variants;
}

}  // namespace hw
