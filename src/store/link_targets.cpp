// SPDX-License-Identifier: Apache-2.0
#include "store/link_targets.hpp"

#include <boost/json.hpp>

namespace hw {

namespace json = boost::json;

namespace {

json::value parsed(std::string_view text) {
    boost::system::error_code failed;
    auto value = json::parse(text, failed);
    return failed ? json::value(nullptr) : value;
}

}  // namespace

std::string geo_text(const std::vector<GeoTarget>& targets) {
    json::object object;
    for (const auto& target : targets) object[target.country] = target.url;
    return json::serialize(object);
}

std::vector<GeoTarget> geo_targets(std::string_view text) {
    std::vector<GeoTarget> targets;
    const auto value = parsed(text);
    if (!value.is_object()) return targets;
    for (const auto& [country, url] : value.get_object()) {
        if (url.is_string())
            targets.push_back({std::string(country), std::string(url.get_string())});
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
    const auto value = parsed(text);
    if (!value.is_array()) return variants;
    for (const auto& item : value.get_array()) {
        const auto* object = item.if_object();
        const auto* url = object == nullptr ? nullptr : object->if_contains("url");
        const auto* share = object == nullptr ? nullptr : object->if_contains("percentage");
        if (url == nullptr || !url->is_string() || share == nullptr || !share->is_int64()) continue;
        variants.push_back({std::string(url->get_string()), share->get_int64()});
    }
    return variants;
}

}  // namespace hw
