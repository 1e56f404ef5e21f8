// SPDX-License-Identifier: Apache-2.0
#include "core/fraud_signs.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/ascii.hpp"
#include "base/email_address.hpp"
#include "base/url.hpp"
#include "base/url_parameters.hpp"

namespace hw {
namespace {

__extension__ using Int128 = __int128;  // products of two counts

struct AdParameter {
    std::string_view platform;
    std::string_view name;
};

constexpr std::array<AdParameter, 10> kAdParameters{{
    {"google", "gclid"},
    {"google", "gad_source"},
    {"google", "gad_campaignid"},
    {"facebook", "fbclid"},
    {"facebook", "fb_action_ids"},
    {"x", "twclid"},
    {"bing", "msclkid"},
    {"linkedin", "li_fat_id"},
    {"reddit", "rdclid"},
    {"tiktok", "ttclid"},
}};

}  // namespace

EmailLikeness compare_emails(std::string_view a, std::string_view b) {
    const auto left = parse_email_address(a);
    const auto right = parse_email_address(b);
    if (!left || !right) return EmailLikeness::None;
    if (left->normal == right->normal) return EmailLikeness::Mailbox;
    if (left->domain != right->domain || is_free_mail_domain(left->domain)) {
        return EmailLikeness::None;
    }
    return EmailLikeness::Domain;
}

std::optional<std::string> telling_domain(std::string_view email) {
    auto address = parse_email_address(email);
    if (!address || is_free_mail_domain(address->domain)) return std::nullopt;
    return std::move(address->domain);
}

std::optional<PaidClick> find_paid_click(std::string_view url,
                                         const std::vector<std::string>& platforms) {
    for (const auto& parameter : kAdParameters) {
        if (std::ranges::find(platforms, parameter.platform) == platforms.end()) continue;
        if (!url_parameter(url, parameter.name)) continue;
        return PaidClick{std::string(parameter.platform), std::string(parameter.name)};
    }
    return std::nullopt;
}

bool matches_glob(std::string_view pattern, std::string_view text) {
    std::size_t p = 0;
    std::size_t t = 0;
    auto star = pattern.npos;  // the last one, which takes one more character after each failure
    std::size_t taken = 0;
    while (t < text.size()) {
        const bool same = p < pattern.size() && pattern[p] != '*' &&
                          (pattern[p] == '?' || ascii_lower(pattern[p]) == ascii_lower(text[t]));
        if (same) {
            ++p;
            ++t;
        } else if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            taken = t;
        } else if (star != pattern.npos) {
            p = star + 1;
            t = ++taken;
        } else {
            return false;
        }
    }
    return pattern.find_first_not_of('*', p) == pattern.npos;
}

std::optional<std::string> find_banned_source(std::string_view referer,
                                              std::string_view referer_url,
                                              const std::vector<std::string>& patterns) {
    const auto url_host = host_of(referer_url);
    for (const auto host : {referer, std::string_view(url_host)}) {
        if (host.empty() || host == "(direct)") continue;
        const auto is_match = [&](const auto& pattern) { return matches_glob(pattern, host); };
        const auto found = std::ranges::find_if(patterns, is_match);
        if (found != patterns.end()) return *found;
    }
    return std::nullopt;
}

std::optional<std::string> find_flood(const ClickCounts& counts, const ClickLimits& limits) {
    if (limits.per_visitor_hour > 0 && counts.of_visitor > limits.per_visitor_hour) {
        return fmt::format(
            "one visitor clicked {} links of the partner within an hour, more than {}",
            counts.of_visitor, limits.per_visitor_hour);
    }
    const bool says_something = limits.per_lead > 0 && counts.clicks >= limits.clicks_min;
    const auto leads = std::max(counts.leads, std::int64_t{1});
    if (says_something && counts.clicks > Int128{limits.per_lead} * leads) {
        return fmt::format("the link has {} clicks for {} leads, more than {} for each",
                           counts.clicks, counts.leads, limits.per_lead);
    }
    return std::nullopt;
}

}  // namespace hw
