// SPDX-License-Identifier: Apache-2.0
#include "api/redirect_target.hpp"

#include <algorithm>

#include "base/url.hpp"
#include "core/allow_hostname.hpp"

namespace hw {
namespace {

bool is_web(std::string_view url) {
    return url.starts_with("https://") || url.starts_with("http://");
}

bool is_store(std::string_view url) {
    const auto host = host_of(url);
    return host == "apps.apple.com" || host == "itunes.apple.com" || host == "play.google.com";
}

// The variant of the earlier visit while the link still has it, else one by the weights.
const PreparedVariant& pick(const std::vector<PreparedVariant>& variants, std::string_view tag,
                            Env& env) {
    const auto known = std::ranges::find(variants, tag, &PreparedVariant::tag);
    if (known != variants.end()) return *known;
    std::uint64_t total = 0;
    for (const auto& variant : variants) total += static_cast<std::uint64_t>(variant.percentage);
    auto at = env.random_64() % total;
    for (const auto& variant : variants) {
        const auto share = static_cast<std::uint64_t>(variant.percentage);
        if (at < share) return variant;
        at -= share;
    }
    return variants.back();
}

Target device_target(std::string_view url, const Traits& traits) {
    if (!is_web(url)) return {.url = url, .show = Show::OpenApp};
    const bool preview = is_store(url) && !traits.skip_store_preview;
    return {.url = url, .show = preview ? Show::Store : Show::Redirect, .kind = target_kind(url)};
}

}  // namespace

Target choose_target(const PreparedLink& link, const Traits& traits, Env& env) {
    Target target{.url = link.url, .kind = link.kind};
    if (link.plain) return target;
    const bool testing = !link.variants.empty() && link.test_completed_at_ms &&
                         *link.test_completed_at_ms > env.now_ms();
    if (testing) {
        target.variant = &pick(link.variants, traits.variant_tag, env);
        target.url = target.variant->url;
        target.kind = target_kind(target.url);
    }
    const auto instead = [&](Target other) {
        other.variant = target.variant;
        return other;
    };
    if (target.url.empty()) return instead({.url = {}, .show = Show::Placeholder});
    if (!is_web(target.url)) return instead({.url = target.url, .show = Show::OpenApp});
    if (link.rewrite) {
        target.show = Show::Frame;
        return target;
    }
    if (link.ios && traits.os == "iOS") return instead(device_target(*link.ios, traits));
    if (link.android && traits.os == "Android") {
        return instead(device_target(*link.android, traits));
    }
    const auto place = std::ranges::find(link.geo_targets, traits.country, &GeoTarget::country);
    if (place == link.geo_targets.end()) return target;
    const auto& url = place->url;
    return instead({.url = url,
                    .show = is_web(url) ? Show::Redirect : Show::OpenApp,
                    .kind = target_kind(url)});
}

bool may_redirect_to(std::string_view redir_url, const PreparedLink& link,
                     const std::vector<std::string>& allowed_hostnames) {
    if (!is_web(redir_url)) return false;
    const auto host = request_hostname(redir_url, {});
    if (host.empty()) return false;
    if (host == request_hostname(link.url, {})) return true;
    // An empty list lets every page tell events; it does not make the link an open redirect.
    return !allowed_hostnames.empty() && allow_hostname(allowed_hostnames, host).has_value();
}

}  // namespace hw
