// SPDX-License-Identifier: Apache-2.0
#include "api/model_query.hpp"

#include "api/exact_json.hpp"
#include "api/query.hpp"
#include "base/civil_time.hpp"
#include "base/fault.hpp"
#include "base/limits.hpp"

namespace hw {
namespace {

constexpr PageRule kHalfLifeRule{.number_message = "Invalid input: expected a whole number of days",
                                 .too_small_message = "Invalid input: expected at least 1 day",
                                 .max = limits::kHalfLifeDaysMax,
                                 .too_big_message = "Invalid input: expected at most 365 days"};

}  // namespace

Result<ModelSettings> read_model_settings(std::string_view query) {
    const auto model = HW_TRY(
        query_option(query, "model",
                     {"first", "last", "last_non_direct", "linear", "time_decay", "position_based",
                      "markov", "markov_converting", "shapley", "counterfactual"},
                     "last"));
    const auto by = HW_TRY(
        query_option(query, "by", {"channel", "source", "campaign", "link", "partner"}, "source"));
    ModelSettings settings;
    const auto known_model = attribution_model_of(model);
    const auto known_by = credit_by_of(by);
    HW_ASSERT(known_model && known_by);
    settings.model = *known_model;
    settings.by = *known_by;
    const auto days = HW_TRY(query_count(query, "halfLifeDays", kHalfLifeRule));
    if (days) settings.half_life_ms = *days * kDayMs;
    return settings;
}

json::value conversions_json(std::int64_t conversion_micros) {
    return ratio_or_null(conversion_micros, kConversionMicros);
}

json::value key_or_null(std::string_view key) {
    return key.empty() ? json::value(nullptr) : json::value(key);
}

}  // namespace hw
