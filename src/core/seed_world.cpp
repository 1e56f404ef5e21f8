// SPDX-License-Identifier: Apache-2.0
#include "core/seed_world.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <span>

#include "base/digest.hpp"
#include "base/random_name.hpp"
#include "base/webhook_signature.hpp"
#include "core/create_api_key.hpp"
#include "core/create_ingest_token.hpp"
#include "core/link_groups.hpp"
#include "store/link_batch.hpp"

namespace hw {
namespace {

constexpr std::size_t kLinkBatch = 1'000;

std::unexpected<Error> clash(std::string_view path, std::string_view why) {
    return fail(ErrorCode::Conflict, fmt::format("{}: {}", path, why), "seed_clash");
}

// An id in the file that is not the one in the database.
std::unexpected<Error> other_id(std::string_view path, std::string_view what,
                                std::string_view stored) {
    return clash(
        fmt::format("{}.id", path),
        fmt::format("{} has the id {} in the database: write that one, or none", what, stored));
}

std::int64_t or_now(Tx& tx, std::int64_t at_ms) {
    return at_ms != 0 ? at_ms : tx.now_ms();
}

void note(SeedTally& tally, bool made) {
    ++(made ? tally.made : tally.kept);
}

Result<Workspace> ensure_workspace(Tx& tx, const SeedWorkspace& seed, SeedTally& tally) {
    auto wanted = seed.workspace;
    if (auto stored = find_workspace_by_slug(tx, wanted.slug)) {
        if (!wanted.workspace_id.empty() && wanted.workspace_id != stored->workspace_id) {
            return other_id(seed.path, wanted.slug, stored->workspace_id);
        }
        note(tally, false);
        return std::move(*stored);
    }
    if (const auto stored = find_workspace(tx, wanted.workspace_id)) {
        return clash(seed.path + ".slug", fmt::format("the workspace {} is called '{}' in the "
                                                      "database: write that slug",
                                                      stored->workspace_id, stored->slug));
    }
    wanted.created_at_ms = or_now(tx, wanted.created_at_ms);
    if (wanted.workspace_id.empty()) wanted.workspace_id = tx.new_id("ws_");
    if (!insert_workspace(tx, wanted)) {
        return clash(seed.path + ".publishableKey", "it belongs to another workspace");
    }
    note(tally, true);
    return wanted;
}

Result<void> ensure_keys(Tx& tx, const SeedWorkspace& seed, const Workspace& workspace,
                         SeedTally& tally) {
    for (std::size_t i = 0; i < seed.api_keys.size(); ++i) {
        const auto& wanted = seed.api_keys[i];
        const auto stored = find_api_key(tx, sha256_hex(wanted.secret));
        if (stored && stored->workspace_id != workspace.workspace_id) {
            return clash(fmt::format("{}.apiKeys[{}].key", seed.path, i),
                         "it belongs to another workspace");
        }
        note(tally, !stored);
        if (stored) continue;
        HW_TRY(create_api_key(tx, {.workspace_id = workspace.workspace_id,
                                   .name = wanted.name,
                                   .scopes = wanted.scopes,
                                   .secret = wanted.secret}));
    }
    return {};
}

Result<void> ensure_ingest_tokens(Tx& tx, const SeedWorkspace& seed, const Workspace& workspace,
                                  SeedTally& tally) {
    for (std::size_t i = 0; i < seed.ingest_tokens.size(); ++i) {
        const auto& wanted = seed.ingest_tokens[i];
        const auto path = fmt::format("{}.ingestTokens[{}]", seed.path, i);
        const auto stored = find_ingest_token(tx, sha256_hex(wanted.token));
        if (stored && stored->workspace_id != workspace.workspace_id) {
            return clash(path + ".token", "it belongs to another workspace");
        }
        if (stored && stored->kind != wanted.kind) {
            return clash(path + ".kind", fmt::format("it is a {} token already", stored->kind));
        }
        note(tally, !stored);
        if (stored) continue;
        HW_TRY(create_ingest_token(tx, {.workspace_id = workspace.workspace_id,
                                        .kind = wanted.kind,
                                        .name = wanted.name,
                                        .token = wanted.token}));
    }
    return {};
}

// Fine when what is there is the same one.
Result<void> check_domain(const Domain& wanted, const Domain& stored, const std::string& path) {
    if (stored.workspace_id != wanted.workspace_id) {
        return clash(path + ".slug", fmt::format("'{}' belongs to another workspace", wanted.slug));
    }
    if (!wanted.domain_id.empty() && wanted.domain_id != stored.domain_id) {
        return other_id(path, wanted.slug, stored.domain_id);
    }
    return {};
}

Result<void> ensure_domains(Tx& tx, const SeedWorkspace& seed, const Workspace& workspace,
                            SeedTally& tally) {
    bool has_primary =
        std::ranges::any_of(list_domains(tx, workspace.workspace_id), &Domain::primary);
    for (std::size_t i = 0; i < seed.domains.size(); ++i) {
        const auto path = fmt::format("{}.domains[{}]", seed.path, i);
        auto wanted = seed.domains[i];
        const auto stored = find_domain(tx, wanted.slug);
        note(tally, !stored);
        wanted.workspace_id = workspace.workspace_id;
        if (stored) {
            if (auto same = check_domain(wanted, *stored, path); !same) return same;
            continue;
        }
        if (wanted.domain_id.empty()) wanted.domain_id = tx.new_id("dom_");
        wanted.created_at_ms = or_now(tx, wanted.created_at_ms);
        // A workspace has one primary domain, and the one that is there stays it.
        wanted.primary = wanted.primary && !has_primary;
        has_primary = has_primary || wanted.primary;
        insert_domain(tx, wanted);
    }
    return {};
}

Result<void> ensure_tags(Tx& tx, const SeedWorkspace& seed, const Workspace& workspace,
                         SeedTally& tally) {
    for (std::size_t i = 0; i < seed.tags.size(); ++i) {
        const auto path = fmt::format("{}.tags[{}]", seed.path, i);
        auto wanted = seed.tags[i];
        const auto stored = find_tag_by_name(tx, workspace.workspace_id, wanted.name);
        note(tally, !stored);
        if (stored) {
            if (wanted.tag_id.empty() || wanted.tag_id == stored->tag_id) continue;
            return other_id(path, wanted.name, stored->tag_id);
        }
        wanted.workspace_id = workspace.workspace_id;
        wanted.created_at_ms = or_now(tx, wanted.created_at_ms);
        if (wanted.tag_id.empty()) wanted.tag_id = tx.new_id("tag_");
        if (!insert_tag(tx, wanted)) return clash(path + ".id", "it is another tag's");
    }
    return {};
}

Result<void> ensure_folders(Tx& tx, const SeedWorkspace& seed, const Workspace& workspace,
                            SeedTally& tally) {
    for (std::size_t i = 0; i < seed.folders.size(); ++i) {
        const auto path = fmt::format("{}.folders[{}]", seed.path, i);
        auto wanted = seed.folders[i];
        const auto stored = find_folder_by_name(tx, workspace.workspace_id, wanted.name);
        note(tally, !stored);
        if (stored) {
            if (wanted.folder_id.empty() || wanted.folder_id == stored->folder_id) continue;
            return other_id(path, wanted.name, stored->folder_id);
        }
        wanted.workspace_id = workspace.workspace_id;
        wanted.created_at_ms = or_now(tx, wanted.created_at_ms);
        wanted.updated_at_ms = wanted.created_at_ms;
        if (wanted.folder_id.empty()) wanted.folder_id = tx.new_id("fold_");
        if (!insert_folder(tx, wanted)) return clash(path + ".id", "it is another folder's");
    }
    return {};
}

// The folder of a new link must be there, and its tags are put on it.
Result<void> ensure_groups(Tx& tx, const SeedWorkspace& seed, const Link& link,
                           std::size_t position) {
    const auto path = fmt::format("{}.links[{}]", seed.path, position);
    if (link.folder_id && !find_folder(tx, link.workspace_id, *link.folder_id)) {
        return clash(path + ".folderId",
                     fmt::format("the workspace has no folder {}", *link.folder_id));
    }
    if (position >= seed.link_tags.size()) return {};
    const auto tags = choose_tags(tx, link.workspace_id, seed.link_tags[position]);
    if (!tags) return clash(path, tags.error().message);
    if (*tags && !(*tags)->empty()) set_link_tags(tx, link.workspace_id, link.link_id, **tags);
    return {};
}

// What stands in the way of a link, when no link has its key.
std::unexpected<Error> link_clash(Tx& tx, const Link& wanted, std::string_view path) {
    if (const auto by_id = find_link(tx, wanted.workspace_id, wanted.link_id)) {
        return clash(fmt::format("{}.id", path),
                     fmt::format("{} is the link {}/{} in the database", by_id->link_id,
                                 by_id->domain, by_id->key));
    }
    return clash(
        fmt::format("{}.externalId", path),
        fmt::format("'{}' is another link's in the database", wanted.external_id.value_or("")));
}

// Fine when the link in the way is the same one, seeded before.
Result<void> check_same(Tx& tx, const SeedWorkspace& seed, const Link& link, std::size_t position,
                        const StoredLinks& stored) {
    const auto path = fmt::format("{}.links[{}]", seed.path, position);
    const auto same = stored.find({link.domain, link.key_folded});
    if (same == stored.end()) return link_clash(tx, link, path);
    const auto& named = seed.links[position].link_id;
    if (!named.empty() && named != same->second.link_id) {
        return other_id(path, link.domain + "/" + link.key, same->second.link_id);
    }
    return {};
}

// One batch. `first` is the position of its first link in the file.
Result<void> ensure_batch(Tx& tx, const SeedWorkspace& seed, std::span<const Link> wanted,
                          std::size_t first, SeedTally& tally) {
    const auto made = insert_links(tx, wanted);
    std::vector<Link> others;
    for (const auto& link : wanted) {
        if (!made.contains(link.link_id)) others.push_back(link);
    }
    const auto stored = find_stored_links(tx, others);
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        const bool is_new = made.contains(wanted[i].link_id);
        note(tally, is_new);
        HW_CHECK(is_new ? ensure_groups(tx, seed, wanted[i], first + i)
                        : check_same(tx, seed, wanted[i], first + i, stored));
    }
    return {};
}

Result<void> ensure_links(Tx& tx, const SeedWorkspace& seed, const Workspace& workspace,
                          SeedTally& tally) {
    for (std::size_t first = 0; first < seed.links.size(); first += kLinkBatch) {
        const auto named =
            std::span(seed.links).subspan(first, std::min(kLinkBatch, seed.links.size() - first));
        std::vector<Link> wanted(named.begin(), named.end());
        for (auto& link : wanted) {
            link.workspace_id = workspace.workspace_id;
            link.created_at_ms = or_now(tx, link.created_at_ms);
            link.updated_at_ms = link.created_at_ms;
            // Listings are sorted by id, so it carries the link's own time.
            if (link.link_id.empty()) link.link_id = new_id("link_", link.created_at_ms, tx.env());
        }
        HW_CHECK(ensure_batch(tx, seed, wanted, first, tally));
    }
    return {};
}

Result<void> check_kept(Tx& tx, const Customer& wanted, const Customer& named,
                        std::string_view path) {
    const auto stored = find_customer_by_external_id(tx, wanted.workspace_id, wanted.external_id);
    if (!stored) {
        return clash(fmt::format("{}.id", path),
                     fmt::format("{} is another customer's in the database", wanted.customer_id));
    }
    if (named.customer_id.empty() || named.customer_id == stored->customer_id) return {};
    return other_id(path, wanted.external_id, stored->customer_id);
}

Result<void> ensure_customers(Tx& tx, const SeedWorkspace& seed, const Workspace& workspace,
                              SeedTally& tally) {
    for (std::size_t i = 0; i < seed.customers.size(); ++i) {
        const auto path = fmt::format("{}.customers[{}]", seed.path, i);
        auto wanted = seed.customers[i];
        if (wanted.link_id && !find_link(tx, workspace.workspace_id, *wanted.link_id)) {
            return clash(path + ".linkId",
                         fmt::format("the workspace has no link {}", *wanted.link_id));
        }
        wanted.workspace_id = workspace.workspace_id;
        wanted.created_at_ms = or_now(tx, wanted.created_at_ms);
        if (wanted.customer_id.empty()) {
            wanted.customer_id = new_id("cus_", wanted.created_at_ms, tx.env());
        }
        if (wanted.name.empty()) wanted.name = wanted.email.value_or("");
        if (wanted.name.empty()) wanted.name = random_name(tx.env());
        if (wanted.touch_id && !wanted.clicked_at_ms) wanted.clicked_at_ms = wanted.created_at_ms;
        const bool made = insert_customer(tx, wanted);
        if (!made) HW_CHECK(check_kept(tx, wanted, seed.customers[i], path));
        note(tally, made);
    }
    return {};
}

Result<void> ensure_webhooks(Tx& tx, const SeedWorkspace& seed, const Workspace& workspace,
                             SeedTally& tally) {
    for (std::size_t i = 0; i < seed.webhooks.size(); ++i) {
        const auto path = fmt::format("{}.webhooks[{}]", seed.path, i);
        auto wanted = seed.webhooks[i];
        const auto stored = find_webhook_by_url(tx, workspace.workspace_id, wanted.url);
        note(tally, !stored);
        if (stored) {
            if (wanted.webhook_id.empty() || wanted.webhook_id == stored->webhook_id) continue;
            return other_id(path, wanted.url, stored->webhook_id);
        }
        wanted.workspace_id = workspace.workspace_id;
        wanted.created_at_ms = or_now(tx, wanted.created_at_ms);
        wanted.updated_at_ms = wanted.created_at_ms;
        if (wanted.webhook_id.empty()) wanted.webhook_id = tx.new_id("wh_");
        if (wanted.secret.empty()) wanted.secret = new_webhook_secret(tx.env());
        if (!insert_webhook(tx, wanted)) return clash(path + ".id", "it is another endpoint's");
    }
    return {};
}

Result<void> ensure_connections(Tx& whole, const SeedWorkspace& seed, const Workspace& workspace,
                                SeedTally& tally) {
    Tx tx(whole, workspace.workspace_id);
    for (std::size_t i = 0; i < seed.payment_connections.size(); ++i) {
        const auto path = fmt::format("{}.paymentConnections[{}]", seed.path, i);
        const auto& wanted = seed.payment_connections[i];
        const auto stored = find_payment_connection(tx, wanted.connection_id);
        note(tally, !stored);
        if (stored) {
            const bool same = stored->workspace_id == workspace.workspace_id &&
                              stored->provider == wanted.provider && stored->mode == wanted.mode;
            if (!same) return clash(path + ".id", "it is another connection's");
            continue;
        }
        const auto made = create_payment_connection(tx, wanted);
        if (!made) return clash(path, made.error().message);
    }
    return {};
}

}  // namespace

void SeedCounts::add(const SeedCounts& other) {
    for (const auto part :
         {&SeedCounts::workspaces, &SeedCounts::api_keys, &SeedCounts::ingest_tokens,
          &SeedCounts::domains, &SeedCounts::links, &SeedCounts::customers, &SeedCounts::tags,
          &SeedCounts::folders, &SeedCounts::webhooks, &SeedCounts::payment_connections}) {
        (this->*part).made += (other.*part).made;
        (this->*part).kept += (other.*part).kept;
    }
    for (const auto part : {&SeedProgrammeCounts::programs, &SeedProgrammeCounts::groups,
                            &SeedProgrammeCounts::rewards, &SeedProgrammeCounts::discounts,
                            &SeedProgrammeCounts::partners, &SeedProgrammeCounts::commissions,
                            &SeedProgrammeCounts::payouts}) {
        (programme.*part).made += (other.programme.*part).made;
        (programme.*part).kept += (other.programme.*part).kept;
    }
}

Result<SeedCounts> seed_workspace(Tx& tx, const SeedWorkspace& seed) {
    SeedCounts counts;
    const auto workspace = HW_TRY(ensure_workspace(tx, seed, counts.workspaces));
    HW_CHECK(ensure_keys(tx, seed, workspace, counts.api_keys));
    HW_CHECK(ensure_ingest_tokens(tx, seed, workspace, counts.ingest_tokens));
    HW_CHECK(ensure_domains(tx, seed, workspace, counts.domains));
    HW_CHECK(ensure_tags(tx, seed, workspace, counts.tags));
    HW_CHECK(ensure_folders(tx, seed, workspace, counts.folders));
    HW_CHECK(seed_partners(tx, seed.path, workspace, seed.programme, counts.programme));
    HW_CHECK(ensure_links(tx, seed, workspace, counts.links));
    HW_CHECK(ensure_customers(tx, seed, workspace, counts.customers));
    HW_CHECK(ensure_webhooks(tx, seed, workspace, counts.webhooks));
    HW_CHECK(ensure_connections(tx, seed, workspace, counts.payment_connections));
    HW_CHECK(seed_earnings(tx, seed.path, workspace, seed.programme, counts.programme));
    return counts;
}

}  // namespace hw
