// SPDX-License-Identifier: Apache-2.0
#include "api/link_json.hpp"

#include "api/track_body.hpp"
#include "base/link_key.hpp"
#include "base/url_parameters.hpp"

namespace hw {
namespace {

std::optional<std::int64_t> unless_never(std::int64_t at_ms) {
    return at_ms == 0 ? std::nullopt : std::optional(at_ms);
}

std::string without_prefix(std::string_view workspace_id) {
    constexpr std::string_view kPrefix = "ws_";
    if (workspace_id.starts_with(kPrefix)) workspace_id.remove_prefix(kPrefix.size());
    return std::string(workspace_id);
}

void add_destination(json::object& out, const Link& link) {
    out["expiresAt"] = time_or_null(link.expires_at_ms);
    out["expiredUrl"] = text_or_null(link.expired_url);
    out["disabledAt"] = time_or_null(link.disabled_at_ms);
    out["password"] = text_or_null(link.password);
    out["proxy"] = link.proxy;
    out["title"] = text_or_null(link.title);
    out["description"] = text_or_null(link.description);
    out["image"] = text_or_null(link.image);
    out["video"] = text_or_null(link.video);
    out["rewrite"] = link.rewrite;
    out["doIndex"] = link.do_index;
    out["ios"] = text_or_null(link.ios);
    out["android"] = text_or_null(link.android);
    out["geo"] = json_or_null(link.geo);
    for (const auto* name :
         {"utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content"}) {
        out[name] = text_or_null(url_parameter(link.url, name));
    }
    out["testVariants"] = json_or_null(link.test_variants);
    out["testStartedAt"] = time_or_null(link.test_started_at_ms);
    out["testCompletedAt"] = time_or_null(link.test_completed_at_ms);
}

void add_totals(json::object& out, const LinkCounts& totals) {
    out["clicks"] = totals.clicks;
    out["leads"] = totals.leads;
    out["conversions"] = totals.conversions;
    out["sales"] = totals.sales;
    out["saleAmount"] = totals.sale_amount;
    out["lastClicked"] = time_or_null(unless_never(totals.last_click_at_ms));
}

}  // namespace

json::object tag_json(const Tag& tag) {
    return {{"id", tag.tag_id}, {"name", tag.name}, {"color", tag.color}};
}

json::object link_json(const LinkWithTotals& linked, std::string_view server_url) {
    const auto& link = linked.link;
    const auto address = short_link(link);
    json::object out{{"id", link.link_id},
                     {"domain", link.domain},
                     {"key", display_key(link.key)},
                     {"url", link.url},
                     {"trackConversion", link.track_conversion},
                     {"externalId", text_or_null(link.external_id)},
                     {"tenantId", text_or_null(link.tenant_id)},
                     {"programId", text_or_null(link.program_id)},
                     {"partnerId", text_or_null(link.partner_id)},
                     {"archived", link.archived}};
    add_destination(out, link);
    out["publicStats"] = link.public_stats;
    json::array tags;
    for (const auto& tag : linked.tags) tags.push_back(tag_json(tag));
    out["tags"] = std::move(tags);
    out["folderId"] = text_or_null(link.folder_id);
    out["comments"] = text_or_null(link.comments);
    out["shortLink"] = address;
    out["qrCode"] = std::string(server_url) + "/qr?url=" + address + "?qr=1";
    out["userId"] = nullptr;
    out["workspaceId"] = link.workspace_id;
    add_totals(out, linked.totals);
    out["createdAt"] = time_or_null(link.created_at_ms);
    out["updatedAt"] = time_or_null(link.updated_at_ms);
    out["tagId"] =
        linked.tags.empty() ? json::value(nullptr) : json::value(linked.tags.front().tag_id);
    out["projectId"] = without_prefix(link.workspace_id);
    out["webhookIds"] = json::array{};
    out["identifier"] = nullptr;
    out["linkRetentionCleanupDisabledAt"] = nullptr;
    return out;
}

}  // namespace hw
