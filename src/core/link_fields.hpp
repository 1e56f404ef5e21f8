// SPDX-License-Identifier: Apache-2.0
// What a caller may say about a link, and the rules that hold for new and for changed ones
// (reference: dub, 2.6 and 3.2).
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "store/link_targets.hpp"
#include "store/links.hpp"
#include "store/tags.hpp"
#include "store/tx.hpp"

namespace hw {

// Not said, cleared, or set.
template <class T>
using Patch = std::optional<std::optional<T>>;

// A parameter of the destination: set, or removed when it has no value.
struct UrlParameter {
    std::string name;
    std::optional<std::string> value;
};

struct LinkFields {
    std::optional<std::string> url;
    std::optional<std::string> domain;
    std::optional<std::string> key;
    Patch<std::string> external_id;
    Patch<std::string> tenant_id;
    Patch<std::string> program_id;
    Patch<std::string> partner_id;
    std::optional<bool> track_conversion;
    std::optional<bool> archived;
    std::optional<bool> do_index;
    Patch<std::string> comments;
    Patch<std::string> expires_at;  // RFC 3339
    Patch<std::string> expired_url;
    Patch<std::string> title;
    Patch<std::string> description;
    Patch<std::string> image;
    Patch<std::string> video;
    Patch<std::string> password;
    std::optional<bool> proxy;
    std::optional<bool> rewrite;
    std::optional<bool> public_stats;
    Patch<std::string> ios;
    Patch<std::string> android;
    Patch<std::vector<GeoTarget>> geo;
    Patch<std::vector<TestVariant>> test_variants;
    Patch<std::string> test_started_at;  // RFC 3339
    Patch<std::string> test_completed_at;
    Patch<std::string> folder_id;
    // All tags that the link is to have: by id, or else by name.
    std::optional<std::vector<std::string>> tag_ids;
    std::optional<std::vector<std::string>> tag_names;
    std::vector<UrlParameter> url_parameters;  // utm_source and the like
};

// Whether the server needs the paths that begin with this key on that host for itself.
using KeyReserved = std::function<bool(std::string_view domain, std::string_view key_folded)>;

struct LinkWithTotals {
    Link link;
    LinkCounts totals;
    std::vector<Tag> tags;
};

// Everything but domain, key, folder and tags. The URL must be there, in the fields or in the link.
Result<void> apply_fields(const LinkFields& fields, Link& link);

// One of the workspace's domains: the named one, else the primary one.
Result<std::string> choose_domain(Tx& tx, const std::optional<std::string>& domain);

// The key as its owner wrote it. 422 or 403 for one that no link of that domain may have.
Result<void> set_key(Link& link, std::string_view key, const KeyReserved& reserved);

// 409, named after what clashed.
Error clash_error(LinkClash clash, const Link& link);

Error link_not_found();

}  // namespace hw
