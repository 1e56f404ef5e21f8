// SPDX-License-Identifier: Apache-2.0
// What fraud rules look for in texts: e-mail addresses, the parameters that advertisements leave in
// a URL, hosts. Pure functions, so that tables of cases can say what each one means.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hw {

enum class EmailLikeness : std::uint8_t {
    None,
    Domain,   // of a company or a person: providers for everybody do not count
    Mailbox,  // the same one, however it is spelled
};
EmailLikeness compare_emails(std::string_view a, std::string_view b);

// The address's domain when it says something about its owner.
std::optional<std::string> telling_domain(std::string_view email);

inline constexpr std::array<std::string_view, 7> kAdPlatforms = {
    "google", "facebook", "x", "bing", "linkedin", "reddit", "tiktok"};

struct PaidClick {
    std::string platform;
    std::string parameter;
};
// The first parameter of one of these platforms in the URL.
std::optional<PaidClick> find_paid_click(std::string_view url,
                                         const std::vector<std::string>& platforms);

// `*` stands for any characters, `?` for one; case does not matter.
bool matches_glob(std::string_view pattern, std::string_view text);

// The first pattern that the host of the referrer matches; `referer` is a host or "(direct)".
std::optional<std::string> find_banned_source(std::string_view referer,
                                              std::string_view referer_url,
                                              const std::vector<std::string>& patterns);

struct ClickCounts {
    std::int64_t of_visitor = 0;  // in the hour, on links of this partner
    std::int64_t clicks = 0;      // of the link, ever
    std::int64_t leads = 0;       // likewise, with the one at hand
};
struct ClickLimits {
    std::int64_t per_visitor_hour = 0;
    std::int64_t per_lead = 0;
    std::int64_t clicks_min = 0;  // of the link; below it the ratio says nothing
};
// What is too much, in words; nothing when it is not.
std::optional<std::string> find_flood(const ClickCounts& counts, const ClickLimits& limits);

}  // namespace hw
