// SPDX-License-Identifier: Apache-2.0
// GET /conversions/{id}/journey: how the person came to a conversion, and what each model makes of
// it.
#pragma once

#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "core/attribution_models.hpp"
#include "store/conversions.hpp"
#include "store/tx.hpp"

namespace hw {

struct ModelCredits {
    AttributionModel model;
    std::vector<Credit> credits;  // sum exactly to the conversion; empty without touches
};

struct ConversionJourney {
    Conversion conversion;
    Journey journey;                // clicks before it
    std::vector<Conversion> leads;  // of its customer, before it; oldest first
    std::vector<ModelCredits> models;
    // Of the days before the conversion, for the models that learn from other journeys.
    std::int64_t learned_converting = 0;
    std::int64_t learned_other = 0;
};

// `id` is a conversion id or an invoice id. NotFound names what was looked for.
Result<ConversionJourney> conversion_journey(Tx& tx, std::string_view id,
                                             const ModelSettings& settings);

}  // namespace hw
