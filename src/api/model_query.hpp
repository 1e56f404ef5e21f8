// SPDX-License-Identifier: Apache-2.0
// The query parameters that choose a model of attribution: model, by and halfLifeDays.
#pragma once

#include <string_view>

#include "api/json.hpp"
#include "core/attribution_models.hpp"

namespace hw {

Result<ModelSettings> read_model_settings(std::string_view query);

// Millionths of a conversion as a decimal number.
json::value conversions_json(std::int64_t conversion_micros);

// null where there is no key.
json::value key_or_null(std::string_view key);

}  // namespace hw
