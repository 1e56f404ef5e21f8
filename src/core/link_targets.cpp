// SPDX-License-Identifier: Apache-2.0
#include "core/link_targets.hpp"

#include <fmt/format.h>

#include "base/civil_time.hpp"
#include "base/url.hpp"

namespace hw {
namespace {

std::unexpected<Error> refuse(std::string message, std::string reason) {
    return fail(ErrorCode::UnprocessableEntity, std::move(message), std::move(reason));
}

// Dates without a time mean their first moment, UTC.
Result<std::int64_t> time_of(const std::string& text, std::string_view refusal,
                             std::string_view name) {
    const auto at_ms = text.contains(':') ? parse_time(text) : parse_date(text);
    if (at_ms) return *at_ms;
    return refuse(fmt::format("{} Write {} in ISO 8601 (RFC 3339), for example "
                              "2027-01-31T12:00:00Z.",
                              refusal, name),
                  "invalid_expiration");
}

Result<void> put_time(const Patch<std::string>& patch, std::string_view name,
                      std::optional<std::int64_t>& field) {
    if (!patch) return {};
    field.reset();
    if (*patch) field = HW_TRY(time_of(**patch, fmt::format("Invalid {}.", name), name));
    return {};
}

// `place` names the field, for example "geo.DE".
Result<std::string> destination(const std::string& text, std::string_view place) {
    auto url = normalize_destination(text);
    if (url) return std::move(*url);
    return refuse(fmt::format("Invalid {} URL", place), "invalid_url");
}

Result<void> put_url(const Patch<std::string>& patch, std::string_view place,
                     std::optional<std::string>& field) {
    if (!patch) return {};
    field.reset();
    if (*patch) field = HW_TRY(destination(**patch, place));
    return {};
}

Result<void> put_geo(const Patch<std::vector<GeoTarget>>& patch, Link& link) {
    if (!patch) return {};
    link.geo.reset();
    if (!*patch || (*patch)->empty()) return {};
    auto targets = **patch;
    for (auto& target : targets) {
        target.url = HW_TRY(destination(target.url, "geo." + target.country));
    }
    link.geo = geo_text(targets);
    return {};
}

Result<void> put_test_variants(const Patch<std::vector<TestVariant>>& patch, Link& link) {
    if (!patch) return {};
    link.test_variants.reset();
    if (!*patch) return {};
    auto variants = **patch;
    for (std::size_t i = 0; i < variants.size(); ++i) {
        variants[i].url = HW_TRY(destination(variants[i].url, fmt::format("testVariants[{}]", i)));
    }
    link.test_variants = test_variants_text(variants);
    return {};
}

}  // namespace

Result<void> put_expiration(const LinkFields& fields, Link& link) {
    if (fields.expires_at) link.expires_at_ms.reset();
    if (fields.expires_at && *fields.expires_at) {
        link.expires_at_ms =
            HW_TRY(time_of(**fields.expires_at, "Invalid expiration date.", "expiresAt"));
    }
    if (!fields.expired_url) return {};
    link.expired_url.reset();
    if (!*fields.expired_url) return {};
    auto url = normalize_destination(**fields.expired_url);
    if (!url) return refuse("Invalid expired URL.", "invalid_url");
    link.expired_url = std::move(*url);
    return {};
}

Result<void> put_targets(const LinkFields& fields, Link& link) {
    HW_CHECK(put_url(fields.ios, "ios", link.ios));
    HW_CHECK(put_url(fields.android, "android", link.android));
    HW_CHECK(put_geo(fields.geo, link));
    HW_CHECK(put_test_variants(fields.test_variants, link));
    HW_CHECK(put_time(fields.test_started_at, "testStartedAt", link.test_started_at_ms));
    return put_time(fields.test_completed_at, "testCompletedAt", link.test_completed_at_ms);
}

Result<void> check_test(const Link& link) {
    if (!link.test_variants || link.track_conversion) return {};
    return refuse("Conversion tracking must be enabled to use A/B testing.",
                  "test_without_conversions");
}

}  // namespace hw
