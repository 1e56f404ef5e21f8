// SPDX-License-Identifier: Apache-2.0
#include "api/prepared_link.hpp"

#include <algorithm>

#include "base/digest.hpp"
#include "base/url.hpp"

namespace hw {
namespace {

constexpr std::size_t kTagCharacters = 16;

// Empty for what cannot be a destination.
std::string destination(std::string_view text) {
    return text.empty() ? std::string{} : normalize_destination(text).value_or("");
}

void check(std::optional<std::string>& target) {
    if (!target) return;
    *target = destination(*target);
    if (target->empty()) target.reset();
}

void read_geo(PreparedLink& link) {
    if (!link.geo) return;
    for (auto& [country, url] : geo_targets(*link.geo)) {
        url = destination(url);
        if (!url.empty()) link.geo_targets.push_back({std::move(country), std::move(url)});
    }
}

void read_variants(PreparedLink& link) {
    if (!link.test_variants) return;
    for (const auto& stored : test_variants(*link.test_variants)) {
        PreparedVariant variant{{destination(stored.url), stored.percentage}, {}};
        if (variant.url.empty() || variant.percentage <= 0) continue;
        variant.tag = sha256_hex(variant.url).substr(0, kTagCharacters);
        link.variants.push_back(std::move(variant));
    }
}

std::size_t heap_bytes(const std::string& text) {
    return text.capacity() < sizeof(std::string) / 2 ? 0 : text.capacity() + 1;
}

std::size_t heap_bytes(const std::optional<std::string>& text) {
    return text ? heap_bytes(*text) : 0;
}

bool is_web(std::string_view url) {
    return url.starts_with("https://") || url.starts_with("http://");
}

}  // namespace

std::shared_ptr<const PreparedLink> prepare_link(Link&& link) {
    const auto prepared = std::make_shared<PreparedLink>();
    static_cast<Link&>(*prepared) = std::move(link);
    auto& out = *prepared;
    out.url = destination(out.url);
    out.kind = target_kind(out.url);
    check(out.ios);
    check(out.android);
    check(out.expired_url);
    read_geo(out);
    read_variants(out);
    // What was read needs no room as text; no visitor is shown the comments.
    out.geo.reset();
    out.test_variants.reset();
    out.comments.reset();
    out.plain = is_web(out.url) && !out.rewrite && !out.ios && !out.android &&
                out.geo_targets.empty() && out.variants.empty();
    return prepared;
}

std::size_t bytes_of(const PreparedLink& link) {
    std::size_t bytes = sizeof(PreparedLink);
    for (const auto text : {&Link::workspace_id, &Link::link_id, &Link::domain, &Link::key,
                            &Link::key_folded, &Link::url}) {
        bytes += heap_bytes(link.*text);
    }
    for (const auto text :
         {&Link::external_id, &Link::tenant_id, &Link::program_id, &Link::partner_id,
          &Link::expired_url, &Link::title, &Link::description, &Link::image, &Link::video,
          &Link::comments, &Link::password, &Link::ios, &Link::android, &Link::geo,
          &Link::folder_id, &Link::test_variants}) {
        bytes += heap_bytes(link.*text);
    }
    for (const auto& [country, url] : link.geo_targets) {
        bytes += sizeof(link.geo_targets.front()) + heap_bytes(country) + heap_bytes(url);
    }
    for (const auto& variant : link.variants) {
        bytes += sizeof variant + heap_bytes(variant.url) + heap_bytes(variant.tag);
    }
    return bytes;
}

}  // namespace hw
