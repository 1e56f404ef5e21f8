// SPDX-License-Identifier: Apache-2.0
#include "core/normalize_seed.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/ascii.hpp"
#include "base/civil_time.hpp"
#include "base/digest.hpp"
#include "base/limits.hpp"
#include "base/link_key.hpp"
#include "base/money.hpp"
#include "base/url.hpp"
#include "base/utf8.hpp"
#include "base/webhook_signature.hpp"
#include "core/create_api_key.hpp"
#include "core/create_domain.hpp"
#include "core/tags.hpp"
#include "core/webhook_url.hpp"
#include "core/webhooks.hpp"

namespace hw {
namespace {

constexpr std::size_t kNameCharactersMax = 190;
constexpr std::size_t kDerivedKeyCharacters = 7;

std::unexpected<Error> refuse(std::string_view path, std::string_view why) {
    return fail(ErrorCode::UnprocessableEntity, fmt::format("{}: {}", path, why), "invalid_seed");
}

// The error of a part, with the place in front.
template <class T>
Result<T> at(std::string_view path, Result<T> result) {
    if (result) return result;
    return refuse(path, result.error().message);
}

bool is_id_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '.';
}

// An id is absent or of the characters that ids have in paths; "*" would be the operator.
Result<void> check_id(std::string_view path, std::string_view id) {
    if (id.size() <= kNameCharactersMax && std::ranges::all_of(id, is_id_character)) return {};
    return refuse(path, fmt::format("'{}' is no id: use letters, digits, '_', '-' and '.'", id));
}

// Names that must differ within one file, and where each was seen first.
class Names {
  public:
    Result<void> add(std::string_view path, const std::string& name) {
        if (name.empty() || names_.insert(name).second) return {};
        return refuse(path, fmt::format("'{}' stands in this file twice: remove one", name));
    }

  private:
    std::set<std::string> names_;
};

struct SeenNames {
    Names workspace_ids, slugs, publishable_keys, secrets, domains;
};

Result<void> normalize_workspace(SeedWorkspace& seed, SeenNames& seen) {
    auto& workspace = seed.workspace;
    const auto& path = seed.path;
    HW_CHECK(check_id(path + ".id", workspace.workspace_id));
    HW_CHECK(seen.workspace_ids.add(path + ".id", workspace.workspace_id));
    const bool slug_fits =
        !workspace.slug.empty() && workspace.slug.size() <= 63 &&
        std::ranges::all_of(workspace.slug, [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
        });
    if (!slug_fits) {
        return refuse(
            path + ".slug",
            fmt::format("'{}' is no slug: use up to 63 of a-z, 0-9, '-' and '_'", workspace.slug));
    }
    HW_CHECK(seen.slugs.add(path + ".slug", workspace.slug));
    if (workspace.name.empty()) workspace.name = workspace.slug;
    workspace.currency = ascii_lower(workspace.currency);
    if (!currency_exponent(workspace.currency)) {
        return refuse(
            path + ".currency",
            fmt::format("'{}' is no ISO 4217 code: write for example usd", workspace.currency));
    }
    if (workspace.publishable_key) {
        HW_CHECK(check_id(path + ".publishableKey", *workspace.publishable_key));
        HW_CHECK(seen.publishable_keys.add(path + ".publishableKey", *workspace.publishable_key));
    }
    if (workspace.allowed_hostnames.size() > limits::kAllowedHostnamesMax) {
        return refuse(path + ".allowedHostnames", fmt::format("{} host names; {} is the limit",
                                                              workspace.allowed_hostnames.size(),
                                                              limits::kAllowedHostnamesMax));
    }
    for (auto& hostname : workspace.allowed_hostnames) hostname = ascii_lower(hostname);
    return {};
}

Result<void> normalize_keys(SeedWorkspace& seed, SeenNames& seen) {
    for (std::size_t i = 0; i < seed.api_keys.size(); ++i) {
        const auto path = fmt::format("{}.apiKeys[{}]", seed.path, i);
        auto& key = seed.api_keys[i];
        if (key.secret.empty()) return refuse(path + ".key", "give the key itself, in clear");
        if (!seen.secrets.add({}, key.secret)) {
            return refuse(path + ".key", "this key stands in the file twice: remove one");
        }
        if (key.scopes.empty()) key.scopes = kAllScopes;
        key.scopes = HW_TRY(at(path + ".scopes", normalize_scopes(key.scopes)));
        if (key.name.empty()) key.name = "Seeded";
    }
    return {};
}

Result<void> normalize_domains(SeedWorkspace& seed, SeenNames& seen) {
    int primaries = 0;
    for (std::size_t i = 0; i < seed.domains.size(); ++i) {
        const auto path = fmt::format("{}.domains[{}]", seed.path, i);
        auto& domain = seed.domains[i];
        HW_CHECK(check_id(path + ".id", domain.domain_id));
        domain.slug = HW_TRY(at(path + ".slug", normalize_domain(domain.slug)));
        HW_CHECK(seen.domains.add(path + ".slug", domain.slug));
        primaries += domain.primary ? 1 : 0;
    }
    if (primaries > 1) return refuse(seed.path + ".domains", "only one domain can be primary");
    if (primaries == 0 && !seed.domains.empty()) seed.domains.front().primary = true;
    return {};
}

// A key for a link that names none: the same for the same link, whenever it is seeded.
std::string derived_key(const SeedWorkspace& seed, const Link& link) {
    const auto text = fmt::format("{}\n{}\n{}\n{}\n{}", seed.workspace.slug, link.domain, link.url,
                                  link.link_id, link.external_id.value_or(""));
    return sha256_hex(text).substr(0, kDerivedKeyCharacters);
}

Result<void> normalize_domain_of(const SeedWorkspace& seed, Link& link, std::string_view path) {
    if (link.domain.empty()) {
        const auto primary = std::ranges::find_if(seed.domains, &Domain::primary);
        if (primary == seed.domains.end()) {
            return refuse(path, "the workspace has no domain: add one to its domains");
        }
        link.domain = primary->slug;
        return {};
    }
    link.domain = ascii_lower(link.domain);
    if (std::ranges::find(seed.domains, link.domain, &Domain::slug) != seed.domains.end())
        return {};
    return refuse(fmt::format("{}.domain", path),
                  fmt::format("'{}' is not among the domains of this workspace: add it to {}."
                              "domains",
                              link.domain, seed.path));
}

struct SeenLinks {
    Names ids, keys, external_ids;
};

Result<void> normalize_link(const SeedWorkspace& seed, Link& link, const std::string& path,
                            SeenLinks& seen) {
    HW_CHECK(check_id(path + ".id", link.link_id));
    HW_CHECK(seen.ids.add(path + ".id", link.link_id));
    HW_CHECK(normalize_domain_of(seed, link, path));
    link.url = HW_TRY(at(path + ".url", normalize_destination(link.url)));
    if (link.expired_url) {
        link.expired_url =
            HW_TRY(at(path + ".expiredUrl", normalize_destination(*link.expired_url)));
    }
    if (link.key.empty()) link.key = derived_key(seed, link);
    link.key = HW_TRY(at(path + ".key", normalize_key(link.key)));
    link.key_folded = fold_key(link.key);
    HW_CHECK(seen.keys.add(path + ".key", link.domain + "/" + link.key_folded));
    if (link.external_id && link.external_id->empty()) link.external_id.reset();
    HW_CHECK(seen.external_ids.add(path + ".externalId", link.external_id.value_or("")));
    return {};
}

Result<void> normalize_groups(SeedWorkspace& seed) {
    Names ids, names;
    for (std::size_t i = 0; i < seed.tags.size(); ++i) {
        const auto path = fmt::format("{}.tags[{}]", seed.path, i);
        auto& tag = seed.tags[i];
        HW_CHECK(check_id(path + ".id", tag.tag_id));
        HW_CHECK(ids.add(path + ".id", tag.tag_id));
        if (tag.name.empty()) return refuse(path + ".name", "give the tag a name");
        HW_CHECK(names.add(path + ".name", ascii_lower(tag.name)));
        if (tag.color.empty()) tag.color = kTagColors.front();
        if (std::ranges::find(kTagColors, tag.color) != kTagColors.end()) continue;
        return refuse(path + ".color", fmt::format("'{}' is no color of tags: use one of {}",
                                                   tag.color, fmt::join(kTagColors, ", ")));
    }
    Names folder_ids, folder_names;
    for (std::size_t i = 0; i < seed.folders.size(); ++i) {
        const auto path = fmt::format("{}.folders[{}]", seed.path, i);
        const auto& folder = seed.folders[i];
        HW_CHECK(check_id(path + ".id", folder.folder_id));
        HW_CHECK(folder_ids.add(path + ".id", folder.folder_id));
        if (folder.name.empty()) return refuse(path + ".name", "give the folder a name");
        HW_CHECK(folder_names.add(path + ".name", ascii_lower(folder.name)));
        const auto level = folder.access_level.value_or("write");
        if (level != "write" && level != "read") {
            return refuse(path + ".accessLevel", "write 'write' or 'read', or leave it out");
        }
    }
    return {};
}

Result<void> normalize_customers(SeedWorkspace& seed) {
    Names ids, external_ids;
    for (std::size_t i = 0; i < seed.customers.size(); ++i) {
        const auto path = fmt::format("{}.customers[{}]", seed.path, i);
        auto& customer = seed.customers[i];
        HW_CHECK(check_id(path + ".id", customer.customer_id));
        HW_CHECK(ids.add(path + ".id", customer.customer_id));
        if (customer.external_id.empty()) {
            return refuse(path + ".externalId", "give the customer's id in the shop");
        }
        HW_CHECK(external_ids.add(path + ".externalId", customer.external_id));
    }
    return {};
}

// The operator's own file: what connecting allows is decided when an event is sent.
WebhookUrlRules any_address() {
    return {.allowed_ranges = {AddressRange::parse("0.0.0.0/0").value(),
                               AddressRange::parse("::/0").value()}};
}

Result<void> normalize_webhooks(SeedWorkspace& seed) {
    Names ids, urls;
    for (std::size_t i = 0; i < seed.webhooks.size(); ++i) {
        const auto path = fmt::format("{}.webhooks[{}]", seed.path, i);
        auto& webhook = seed.webhooks[i];
        HW_CHECK(check_id(path + ".id", webhook.webhook_id));
        HW_CHECK(ids.add(path + ".id", webhook.webhook_id));
        webhook.url = HW_TRY(at(path, normalize_webhook_url(webhook.url, any_address())));
        HW_CHECK(urls.add(path + ".url", webhook.url));
        HW_CHECK(at(path, check_webhook_events(webhook.events)));
        if (!webhook.secret.empty()) {
            webhook.secret = HW_TRY(at(path, normalize_webhook_secret(webhook.secret)));
        }
        if (webhook.name.empty()) webhook.name = host_of(webhook.url);
        if (utf16_length(webhook.name) <= limits::kWebhookNameCharactersMax) continue;
        return refuse(path + ".name",
                      fmt::format("more than {} characters", limits::kWebhookNameCharactersMax));
    }
    if (seed.webhooks.size() <= limits::kWebhooksMax) return {};
    return refuse(seed.path + ".webhooks", fmt::format("{} endpoints; {} is the limit",
                                                       seed.webhooks.size(), limits::kWebhooksMax));
}

Result<void> normalize_rate(StoredRate& rate, const std::string& path) {
    if (!parse_date(rate.date)) {
        return refuse(path + ".date",
                      fmt::format("'{}' is no date: write for example 2026-01-31", rate.date));
    }
    rate.base = ascii_lower(rate.base);
    rate.quote = ascii_lower(rate.quote);
    for (const auto& code : {rate.base, rate.quote}) {
        if (!currency_exponent(code)) {
            return refuse(path, fmt::format("'{}' is no ISO 4217 code", code));
        }
    }
    if (!is_rate(rate.rate)) {
        return refuse(path + ".rate",
                      fmt::format("'{}' is no rate: write a positive decimal as text, for example "
                                  "\"1.0834\"",
                                  rate.rate));
    }
    if (rate.source.empty()) rate.source = "seed";
    return {};
}

Result<void> normalize_links(SeedWorkspace& seed) {
    SeenLinks seen;
    for (std::size_t i = 0; i < seed.links.size(); ++i) {
        const auto path = fmt::format("{}.links[{}]", seed.path, i);
        HW_CHECK(normalize_link(seed, seed.links[i], path, seen));
    }
    return {};
}

}  // namespace

Result<void> normalize_seed(SeedWorld& world) {
    SeenNames seen;
    for (auto& seed : world.workspaces) {
        HW_CHECK(normalize_workspace(seed, seen));
        HW_CHECK(normalize_keys(seed, seen));
        HW_CHECK(normalize_domains(seed, seen));
        HW_CHECK(normalize_links(seed));
        HW_CHECK(normalize_groups(seed));
        HW_CHECK(normalize_customers(seed));
        HW_CHECK(normalize_webhooks(seed));
        HW_CHECK(normalize_programme(seed.path, seed.programme));
    }
    for (std::size_t i = 0; i < world.fx_rates.size(); ++i) {
        HW_CHECK(normalize_rate(world.fx_rates[i], fmt::format("fxRates[{}]", i)));
    }
    return {};
}

}  // namespace hw
