// SPDX-License-Identifier: Apache-2.0
// The destinations of a link beside its URL, in the form that their columns keep. Readers pass over
// what is not of that form: a visitor is sent to what can be read.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hw {

struct GeoTarget {
    std::string country;  // ISO 3166-1 alpha-2, upper case
    std::string url;
};

struct TestVariant {
    std::string url;
    std::int64_t percentage = 0;
};

// Link::geo: {"DE": "https://..."}
std::string geo_text(const std::vector<GeoTarget>& targets);
std::vector<GeoTarget> geo_targets(std::string_view text);

// Link::test_variants: [{"url": "https://...", "percentage": 50}]
std::string test_variants_text(const std::vector<TestVariant>& variants);
std::vector<TestVariant> test_variants(std::string_view text);

}  // namespace hw
