// SPDX-License-Identifier: Apache-2.0
#include "core/conversion_journey.hpp"

#include <algorithm>

#include "base/civil_time.hpp"
#include "base/limits.hpp"
#include "core/attribution_report.hpp"
#include "core/explain_conversion.hpp"
#include "core/read_journeys.hpp"
#include "store/journey_clicks.hpp"

namespace hw {

Result<ConversionJourney> conversion_journey(Tx& tx, std::string_view id,
                                             const ModelSettings& settings) {
    auto explanation = HW_TRY(explain_conversion(tx, id));
    ConversionJourney found{
        .conversion = std::move(explanation.conversion), .journey = {}, .leads = {}, .models = {}};
    found.journey = find_journey(tx, found.conversion.conversion_id).value_or(Journey{});
    const auto customer_id = explanation.customer ? explanation.customer->customer_id
                                                  : found.conversion.customer_id.value_or("");
    found.leads = leads_before(tx, customer_id, found.conversion);
    const auto until_ms = found.conversion.occurred_at_ms;
    const auto journeys =
        HW_TRY(read_journeys(tx, {.from_ms = until_ms - limits::kJourneyLearnDays * kDayMs,
                                  .to_ms = until_ms + 1,
                                  .others = OtherJourneys::Read}));
    PathCounts counts;
    for (const auto& journey : journeys.converting) count_path(counts, journey, settings.by);
    for (const auto& journey : journeys.other) count_path(counts, journey, settings.by);
    found.learned_converting = std::ranges::count_if(
        journeys.converting, [](const Journey& journey) { return !journey.touches.empty(); });
    found.learned_other = static_cast<std::int64_t>(journeys.other.size());
    for (const auto model : attribution_models()) {
        HW_CHECK(check_keys(model, counts));
        auto of_model = settings;
        of_model.model = model;
        const AttributionShares shares(of_model, counts);
        found.models.push_back({model, credits_of(shares.of_journey(found.journey), 1,
                                                  found.journey.value_minor.value_or(0))});
    }
    return found;
}

}  // namespace hw
