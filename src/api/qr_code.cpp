// SPDX-License-Identifier: Apache-2.0
#include "api/qr_code.hpp"

#include <charconv>

#include "api/api.hpp"
#include "api/qr_image.hpp"
#include "api/query.hpp"
#include "base/limits.hpp"
#include "base/url.hpp"

namespace hw::api {
namespace {

struct Range {
    std::int64_t min;
    std::int64_t max;
    std::int64_t fallback;
};

Result<std::int64_t> number(std::string_view query, std::string_view name, Range range) {
    const auto text = HW_TRY(query_text(query, name));
    if (!text) return range.fallback;
    std::int64_t value = 0;
    const auto* const end = text->data() + text->size();
    const auto [stop, failed] = std::from_chars(text->data(), end, value);
    if (failed != std::errc{} || stop != end) {
        return std::unexpected(
            invalid_field("invalid_type", name, "Invalid input: expected number, received NaN"));
    }
    if (value < range.min) {
        return std::unexpected(invalid_field(
            "too_small", name, "Too small: expected number to be >=" + std::to_string(range.min)));
    }
    if (value > range.max) {
        return std::unexpected(invalid_field(
            "too_big", name, "Too big: expected number to be <=" + std::to_string(range.max)));
    }
    return value;
}

// "#RRGGBB" or "#RGB", with or without its "#", which many forget to encode.
Result<std::uint32_t> color(std::string_view query, std::string_view name, std::uint32_t fallback) {
    constexpr std::size_t kShort = 3;
    constexpr std::size_t kLong = 6;
    const auto text = HW_TRY(query_text(query, name));
    if (!text) return fallback;
    std::string digits = text->starts_with('#') ? text->substr(1) : *text;
    if (digits.size() == kShort) {
        digits = {digits[0], digits[0], digits[1], digits[1], digits[2], digits[2]};
    }
    std::uint32_t value = 0;
    const auto* const end = digits.data() + digits.size();
    const auto [stop, failed] = std::from_chars(digits.data(), end, value, 16);
    if (failed == std::errc{} && stop == end && digits.size() == kLong) return value;
    return std::unexpected(
        invalid_field("invalid_format", name, "Invalid color: write for example #1a2b3c"));
}

struct Wanted {
    std::string url;
    QrStyle style;
    bool svg = false;
};

Result<Wanted> read_wanted(std::string_view query) {
    Wanted wanted;
    auto url = HW_TRY(query_text(query, "url"));
    if (!url) {
        return std::unexpected(invalid_field("invalid_type", "url",
                                             "Invalid input: expected string, received undefined"));
    }
    if (!normalize_destination(*url)) {
        return std::unexpected(invalid_field("invalid_format", "url", "Invalid URL"));
    }
    wanted.url = std::move(*url);
    auto& style = wanted.style;
    style.size = HW_TRY(number(query, "size", {1, limits::kQrSizeMax, style.size}));
    style.margin = HW_TRY(number(query, "margin", {0, limits::kQrMarginMax, style.margin}));
    if (!HW_TRY(query_bool(query, "includeMargin", true))) style.margin = 0;
    const auto level = HW_TRY(query_text(query, "level")).value_or("L");
    if (level != "L" && level != "M" && level != "Q" && level != "H") {
        return std::unexpected(invalid_field(
            "invalid_value", "level", "Invalid option: expected one of \"L\"|\"M\"|\"Q\"|\"H\""));
    }
    style.level = level.front();
    style.foreground = HW_TRY(color(query, "fgColor", style.foreground));
    style.background = HW_TRY(color(query, "bgColor", style.background));
    HW_TRY(query_bool(query, "hideLogo", false));
    const auto format = HW_TRY(query_text(query, "format")).value_or("png");
    if (format != "png" && format != "svg") {
        return std::unexpected(invalid_field("invalid_value", "format",
                                             "Invalid option: expected one of \"png\"|\"svg\""));
    }
    wanted.svg = format == "svg";
    return wanted;
}

Result<Response> picture(std::string_view query) {
    const auto wanted = HW_TRY(read_wanted(query));
    Response response{.status = 200};
    response.body =
        HW_TRY(wanted.svg ? qr_svg(wanted.url, wanted.style) : qr_png(wanted.url, wanted.style));
    response.content_type = wanted.svg ? "image/svg+xml" : "image/png";
    // The same question has the same answer for ever.
    response.headers = {{"Cache-Control", "public, max-age=86400, immutable"},
                        {"Access-Control-Allow-Origin", "*"},
                        {"X-Content-Type-Options", "nosniff"}};
    return response;
}

}  // namespace

void qr_code(Api&, const Request& request, Reply reply) {
    auto made = picture(request.query);
    reply(made ? std::move(*made) : error_response(made.error(), ErrorShape::Track));
}

}  // namespace hw::api
