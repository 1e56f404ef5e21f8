// SPDX-License-Identifier: Apache-2.0
#include "api/routes.hpp"

#include <algorithm>
#include <array>

#include "api/attribution_policy.hpp"
#include "api/attribution_report.hpp"
#include "api/avatar.hpp"
#include "api/bulk_links.hpp"
#include "api/clients.hpp"
#include "api/conversion_journey.hpp"
#include "api/count_links.hpp"
#include "api/create_domain.hpp"
#include "api/create_link.hpp"
#include "api/customers.hpp"
#include "api/delete_domain.hpp"
#include "api/delete_link.hpp"
#include "api/diagnose_sale.hpp"
#include "api/explain_conversion.hpp"
#include "api/export_conversions.hpp"
#include "api/export_customers.hpp"
#include "api/export_events.hpp"
#include "api/export_links.hpp"
#include "api/folders.hpp"
#include "api/free_key.hpp"
#include "api/get_analytics.hpp"
#include "api/get_link.hpp"
#include "api/get_mrr.hpp"
#include "api/import_links.hpp"
#include "api/import_spend.hpp"
#include "api/ingest.hpp"
#include "api/ingest_tokens.hpp"
#include "api/jobs.hpp"
#include "api/link_metatags.hpp"
#include "api/list_domains.hpp"
#include "api/list_events.hpp"
#include "api/list_links.hpp"
#include "api/operations.hpp"
#include "api/orphans.hpp"
#include "api/partner_routes.hpp"
#include "api/payment_connections.hpp"
#include "api/payments.hpp"
#include "api/qr_code.hpp"
#include "api/quarantine.hpp"
#include "api/receive_hook.hpp"
#include "api/repairs.hpp"
#include "api/setup.hpp"
#include "api/stream_events.hpp"
#include "api/tags.hpp"
#include "api/track_click.hpp"
#include "api/track_lead.hpp"
#include "api/track_log.hpp"
#include "api/track_open.hpp"
#include "api/track_sale.hpp"
#include "api/track_visit.hpp"
#include "api/update_domain.hpp"
#include "api/update_link.hpp"
#include "api/upsert_link.hpp"
#include "api/verify_domain.hpp"
#include "api/webhook_deliveries.hpp"
#include "api/webhooks.hpp"
#include "base/percent.hpp"
#include "base/utf8.hpp"

namespace hw {
namespace {

constexpr auto kNone = Auth::None;
constexpr auto kTrack = ErrorShape::Track;
constexpr auto kProblem = ErrorShape::Problem;

template <std::size_t N, std::size_t M>
constexpr std::array<Route, N + M> joined(const std::array<Route, N>& a,
                                          const std::array<Route, M>& b) {
    std::array<Route, N + M> all{};
    std::ranges::copy(b, std::ranges::copy(a, all.begin()).out);
    return all;
}

// Each path answers with and without "/api" in front.
constexpr std::array kOwnRoutes{
    Route{"POST", "/track/click", "trackClick", kNone, "", kTrack, true, false, nullptr,
          api::track_click},
    Route{"POST", "/track/lead", "trackLead", Auth::Secret, "conversions.write", kTrack, false,
          true, api::track_lead},
    Route{"POST", "/track/lead/client", "trackLeadClient", Auth::Publishable, "", kTrack, true,
          true, api::track_lead},
    Route{"POST", "/track/sale", "trackSale", Auth::Secret, "conversions.write", kTrack, false,
          true, api::track_sale},
    Route{"POST", "/track/sale/client", "trackSaleClient", Auth::Publishable, "", kTrack, true,
          true, api::track_sale},
    Route{"POST", "/track/open", "trackOpen", kNone, "", kTrack, true, false, nullptr,
          api::track_open},
    Route{"POST", "/track/visit", "trackVisit", kNone, "", kTrack, true, false, nullptr,
          api::track_visit},

    Route{"POST", "/domains", "createDomain", Auth::Secret, "domains.write", kTrack, false, false,
          api::create_domain},
    Route{"GET", "/domains", "listDomains", Auth::Secret, "domains.read", kTrack, false, false,
          api::list_domains},
    Route{"POST", "/domains/register", "registerDomain", Auth::Secret, "domains.write", kTrack,
          false, false, api::register_domain},
    Route{"GET", "/domains/status", "checkDomainStatus", Auth::Secret, "domains.read", kTrack,
          false, false, api::domain_status},
    Route{"PATCH", "/domains/{slug}", "updateDomain", Auth::Secret, "domains.write", kTrack, false,
          false, api::update_domain},
    Route{"DELETE", "/domains/{slug}", "deleteDomain", Auth::Secret, "domains.write", kTrack, false,
          false, api::delete_domain},
    Route{"GET", "/domains/{slug}/verify", "verifyDomain", Auth::Secret, "domains.write", kTrack,
          false, false, api::verify_domain},

    Route{"POST", "/links", "createLink", Auth::Secret, "links.write", kTrack, false, false,
          api::create_link},
    Route{"GET", "/links", "getLinks", Auth::Secret, "links.read", kTrack, false, false,
          api::list_links},
    Route{"GET", "/links/info", "getLinkInfo", Auth::Secret, "links.read", kTrack, false, false,
          api::get_link_info},
    Route{"GET", "/links/count", "getLinksCount", Auth::Secret, "links.read", kTrack, false, false,
          api::count_links},
    Route{"GET", "/links/exists", "linkExists", Auth::Secret, "links.read", kTrack, false, false,
          api::link_exists},
    Route{"GET", "/links/export", "exportLinks", Auth::Secret, "links.read", kTrack, false, false,
          api::export_links},
    Route{"GET", "/links/random", "randomLinkKey", Auth::Secret, "links.read", kTrack, false, false,
          api::random_key},
    Route{"GET", "/links/metatags", "getMetatags", kNone, "", kTrack, false, false, nullptr,
          api::link_metatags},
    Route{"PUT", "/links/upsert", "upsertLink", Auth::Secret, "links.write", kTrack, false, false,
          api::upsert_link},
    Route{"POST", "/links/bulk", "bulkCreateLinks", Auth::Secret, "links.write", kTrack, false,
          false, api::create_links},
    Route{"PATCH", "/links/bulk", "bulkUpdateLinks", Auth::Secret, "links.write", kTrack, false,
          false, api::update_links},
    Route{"DELETE", "/links/bulk", "bulkDeleteLinks", Auth::Secret, "links.write", kTrack, false,
          false, api::delete_links},
    Route{"POST", "/links/import", "importLinks", Auth::Secret, "links.write", kTrack, false, false,
          api::import_links, nullptr, limits::kImportBodyBytesMax},
    Route{"GET", "/links/{linkId}", "getLink", Auth::Secret, "links.read", kTrack, false, false,
          api::get_link},
    Route{"PATCH", "/links/{linkId}", "updateLink", Auth::Secret, "links.write", kTrack, false,
          false, api::update_link},
    Route{"PUT", "/links/{linkId}", "putLink", Auth::Secret, "links.write", kTrack, false, false,
          api::update_link},
    Route{"DELETE", "/links/{linkId}", "deleteLink", Auth::Secret, "links.write", kTrack, false,
          false, api::delete_link},

    Route{"GET", "/tags", "getTags", Auth::Secret, "tags.read", kTrack, false, false,
          api::list_tags},
    Route{"POST", "/tags", "createTag", Auth::Secret, "tags.write", kTrack, false, false,
          api::create_tag},
    Route{"PATCH", "/tags/{id}", "updateTag", Auth::Secret, "tags.write", kTrack, false, false,
          api::update_tag},
    Route{"DELETE", "/tags/{id}", "deleteTag", Auth::Secret, "tags.write", kTrack, false, false,
          api::delete_tag},

    Route{"GET", "/folders", "listFolders", Auth::Secret, "folders.read", kTrack, false, false,
          api::list_folders},
    Route{"POST", "/folders", "createFolder", Auth::Secret, "folders.write", kTrack, false, false,
          api::create_folder},
    Route{"PATCH", "/folders/{id}", "updateFolder", Auth::Secret, "folders.write", kTrack, false,
          false, api::update_folder},
    Route{"DELETE", "/folders/{id}", "deleteFolder", Auth::Secret, "folders.write", kTrack, false,
          false, api::delete_folder},

    Route{"GET", "/analytics", "getAnalytics", Auth::Secret, "analytics.read", kTrack, false, false,
          api::get_analytics},
    Route{"GET", "/analytics/{event}", "getAnalyticsCount", Auth::Secret, "analytics.read", kTrack,
          false, false, api::get_analytics_of_event},
    Route{"GET", "/analytics/{event}/{endpoint}", "getAnalyticsOfEvent", Auth::Secret,
          "analytics.read", kTrack, false, false, api::get_analytics_of_event},

    Route{"GET", "/attribution/report", "getAttributionReport", Auth::Secret, "analytics.read",
          kProblem, false, false, api::attribution_report},

    Route{"GET", "/events", "listEvents", Auth::Secret, "analytics.read", kTrack, false, false,
          api::list_events},
    Route{"GET", "/events/export", "exportEvents", Auth::Secret, "analytics.read", kTrack, false,
          false, api::export_events},
    Route{"GET", "/events/stream", "streamEvents", Auth::Secret, "analytics.read", kTrack, false,
          false, api::stream_events},

    Route{"GET", "/customers", "getCustomers", Auth::Secret, "customers.read", kTrack, false, false,
          api::list_customers},
    Route{"POST", "/customers", "createCustomer", Auth::Secret, "customers.write", kTrack, false,
          false, api::add_customer},
    Route{"GET", "/customers/export", "exportCustomers", Auth::Secret, "customers.read", kTrack,
          false, false, api::export_customers},
    Route{"GET", "/customers/{id}", "getCustomer", Auth::Secret, "customers.read", kTrack, false,
          false, api::get_customer},
    Route{"PATCH", "/customers/{id}", "updateCustomer", Auth::Secret, "customers.write", kTrack,
          false, false, api::change_customer},
    Route{"DELETE", "/customers/{id}", "deleteCustomer", Auth::Secret, "customers.write", kTrack,
          false, false, api::remove_customer},

    Route{"GET", "/track/log", "listConversionLog", Auth::Secret, "analytics.read", kProblem, false,
          false, api::track_log},

    Route{"GET", "/conversions/export", "exportConversions", Auth::Secret, "analytics.read", kTrack,
          false, false, api::export_conversions},
    Route{"GET", "/conversions/{id}/explain", "explainConversion", Auth::Secret, "analytics.read",
          kProblem, false, false, api::explain_conversion},
    Route{"GET", "/conversions/{id}/journey", "getConversionJourney", Auth::Secret,
          "analytics.read", kProblem, false, false, api::conversion_journey},

    Route{"POST", "/spend/import", "importSpend", Auth::Secret, "conversions.write", kProblem,
          false, false, api::import_spend, nullptr, limits::kImportBodyBytesMax},

    Route{"POST", "/ingest", "ingest", kNone, "", ErrorShape::Ingest, true, false, nullptr,
          api::ingest, limits::kIngestBodyBytesMax},
    Route{"POST", "/revenue", "recordRevenue", kNone, "", ErrorShape::Ingest, true, false, nullptr,
          api::revenue, limits::kIngestBodyBytesMax},
    Route{"POST", "/revenue/batch", "recordRevenueBatch", kNone, "", ErrorShape::Ingest, true,
          false, nullptr, api::revenue_batch, limits::kRevenueBatchBytesMax},
    Route{"GET", "/mrr", "getMrr", Auth::Secret, "analytics.read", kProblem, false, false,
          api::get_mrr},
    Route{"GET", "/ingest-tokens", "listIngestTokens", Auth::Secret, "workspaces.read", kProblem,
          false, false, api::list_ingest_tokens},
    Route{"POST", "/ingest-tokens", "createIngestToken", Auth::Secret, "workspaces.write", kProblem,
          false, false, api::create_ingest_token},
    Route{"DELETE", "/ingest-tokens/{id}", "revokeIngestToken", Auth::Secret, "workspaces.write",
          kProblem, false, false, api::revoke_ingest_token},

    Route{"GET", "/jobs", "listJobs", Auth::Secret, "workspaces.read", kProblem, false, false,
          api::list_jobs},
    Route{"POST", "/jobs/retry", "retryJobs", Auth::Secret, "workspaces.write", kProblem, false,
          false, api::retry_jobs},
    Route{"GET", "/jobs/{id}", "getJob", Auth::Secret, "workspaces.read", kProblem, false, false,
          api::get_job},
    Route{"POST", "/jobs/{id}/retry", "retryJob", Auth::Secret, "workspaces.write", kProblem, false,
          false, api::retry_job},
    Route{"POST", "/jobs/{id}/discard", "discardJob", Auth::Secret, "workspaces.write", kProblem,
          false, false, api::discard_job},

    Route{"GET", "/job-destinations", "listJobDestinations", Auth::Secret, "workspaces.read",
          kProblem, false, false, api::list_job_destinations},
    Route{"POST", "/job-destinations/{destination}/pause", "pauseJobDestination", Auth::Secret,
          "workspaces.write", kProblem, false, false, api::pause_job_destination},
    Route{"POST", "/job-destinations/{destination}/resume", "resumeJobDestination", Auth::Secret,
          "workspaces.write", kProblem, false, false, api::resume_job_destination},

    Route{"GET", "/webhooks", "listWebhooks", Auth::Secret, "webhooks.read", kProblem, false, false,
          api::list_webhooks},
    Route{"POST", "/webhooks", "createWebhook", Auth::Secret, "webhooks.write", kProblem, false,
          false, api::create_webhook},
    Route{"GET", "/webhooks/{id}", "getWebhook", Auth::Secret, "webhooks.read", kProblem, false,
          false, api::get_webhook},
    Route{"PATCH", "/webhooks/{id}", "updateWebhook", Auth::Secret, "webhooks.write", kProblem,
          false, false, api::update_webhook},
    Route{"DELETE", "/webhooks/{id}", "deleteWebhook", Auth::Secret, "webhooks.write", kProblem,
          false, false, api::delete_webhook},
    Route{"POST", "/webhooks/{id}/enable", "enableWebhook", Auth::Secret, "webhooks.write",
          kProblem, false, false, api::enable_webhook},
    Route{"POST", "/webhooks/{id}/ping", "pingWebhook", Auth::Secret, "webhooks.write", kProblem,
          false, false, api::ping_webhook},
    Route{"POST", "/webhooks/{id}/replay", "replayWebhook", Auth::Secret, "webhooks.write",
          kProblem, false, false, api::replay_webhook},
    Route{"POST", "/webhooks/{id}/rotate-secret", "rotateWebhookSecret", Auth::Secret,
          "webhooks.write", kProblem, false, false, api::rotate_webhook_secret},
    Route{"GET", "/webhooks/{id}/deliveries", "listWebhookDeliveries", Auth::Secret,
          "webhooks.read", kProblem, false, false, api::list_webhook_deliveries},
    Route{"GET", "/webhooks/{id}/deliveries/{deliveryId}", "getWebhookDelivery", Auth::Secret,
          "webhooks.read", kProblem, false, false, api::get_webhook_delivery},
    Route{"POST", "/webhooks/{id}/deliveries/{deliveryId}/replay", "replayWebhookDelivery",
          Auth::Secret, "webhooks.write", kProblem, false, false, api::replay_webhook_delivery},

    Route{"POST", "/conversions/{id}/attribution", "reattributeConversion", Auth::Secret,
          "conversions.write", kProblem, false, false, api::reattribute_conversion},

    Route{"GET", "/admin/clients", "listClients", Auth::Secret, "analytics.read", kProblem, false,
          false, api::list_clients},
    Route{"GET", "/admin/diagnose-sale", "diagnoseSale", Auth::Secret, "analytics.read", kProblem,
          false, false, api::diagnose_sale},
    Route{"GET", "/admin/quarantine", "listQuarantine", Auth::Secret, "webhooks.read", kProblem,
          false, false, api::list_quarantine},
    Route{"GET", "/admin/quarantine/decisions", "listQuarantineDecisions", Auth::Secret,
          "webhooks.read", kProblem, false, false, api::list_quarantine_decisions},
    Route{"POST", "/admin/quarantine/{id}/assign", "assignQuarantine", Auth::Secret,
          "conversions.write", kProblem, false, false, api::assign_quarantine},
    Route{"POST", "/admin/quarantine/{id}/dismiss", "dismissQuarantine", Auth::Secret,
          "conversions.write", kProblem, false, false, api::dismiss_quarantine},

    Route{"GET", "/attribution/policy", "getAttributionPolicy", Auth::Secret, "workspaces.read",
          kProblem, false, false, api::get_attribution_policy},
    Route{"PATCH", "/attribution/policy", "updateAttributionPolicy", Auth::Secret,
          "workspaces.write", kProblem, false, false, api::change_attribution_policy},
    Route{"POST", "/attribution/replay", "replayAttribution", Auth::Secret, "conversions.write",
          kProblem, false, false, api::replay_attribution},

    Route{"GET", "/orphans", "listOrphans", Auth::Secret, "analytics.read", kProblem, false, false,
          api::list_orphans},
    Route{"POST", "/orphans/fix", "fixOrphans", Auth::Secret, "conversions.write", kProblem, false,
          false, api::fix_orphans},

    Route{"GET", "/repairs", "listRepairs", Auth::Secret, "analytics.read", kProblem, false, false,
          api::list_repairs},
    Route{"POST", "/repairs/{id}/undo", "undoRepair", Auth::Secret, "conversions.write", kProblem,
          false, false, api::undo_repair},

    Route{"GET", "/setup/checklist", "getSetupChecklist", Auth::Secret, "analytics.read", kProblem,
          false, false, api::get_setup_checklist},
    Route{"GET", "/setup/{token}", "showSetup", kNone, "", kProblem, false, false, nullptr,
          api::show_setup},
    Route{"POST", "/setup/{token}", "completeSetup", kNone, "", kProblem, false, false, nullptr,
          api::complete_setup},

    Route{"GET", "/avatars/{workspaceId}/{file}", "avatar", kNone, "", kProblem, false, false,
          api::avatar},

    Route{"POST", "/hooks/{provider}/{connectionId}", "receiveHook", kNone, "", kProblem, false,
          false, nullptr, api::receive_hook},
    Route{"GET", "/payment-connections", "listPaymentConnections", Auth::Secret, "webhooks.read",
          kProblem, false, false, api::list_payment_connections},
    Route{"POST", "/payment-connections", "createPaymentConnection", Auth::Secret, "webhooks.write",
          kProblem, false, false, api::create_payment_connection},
    Route{"GET", "/payment-connections/{id}", "getPaymentConnection", Auth::Secret, "webhooks.read",
          kProblem, false, false, api::get_payment_connection},
    Route{"DELETE", "/payment-connections/{id}", "deletePaymentConnection", Auth::Secret,
          "webhooks.write", kProblem, false, false, api::delete_payment_connection},
    Route{"GET", "/payment-connections/{id}/deliveries", "listPaymentDeliveries", Auth::Secret,
          "webhooks.read", kProblem, false, false, api::list_payment_deliveries},
    Route{"GET", "/payment-connections/{id}/quarantine", "listPaymentQuarantine", Auth::Secret,
          "webhooks.read", kProblem, false, false, api::list_payment_quarantine},
    Route{"POST", "/payment-connections/{id}/quarantine/verify", "verifyPaymentQuarantine",
          Auth::Secret, "webhooks.write", kProblem, false, false, api::verify_payment_quarantine},
    Route{"POST", "/payment-connections/{id}/rotate-secret", "rotatePaymentSecret", Auth::Secret,
          "webhooks.write", kProblem, false, false, api::rotate_payment_secret},

    Route{"GET", "/qr", "getQRCode", kNone, "", kTrack, false, false, nullptr, api::qr_code},

    Route{"GET", "/livez", "live", kNone, "", kProblem, false, false, nullptr, api::live},

    Route{"GET", "/readyz", "ready", kNone, "", kProblem, false, false, nullptr, api::ready},

    Route{"GET", "/metrics", "metrics", kNone, "", kProblem, false, false, nullptr, api::metrics},

    Route{"GET", "/openapi.json", "openapi", kNone, "", kProblem, false, false, nullptr,
          api::openapi},

    Route{"GET", "/script.js", "browserScript", kNone, "", kProblem, false, false, nullptr,
          api::browser_script},
};

constexpr auto kRoutes = joined(kOwnRoutes, kPartnerRoutes);

std::string_view next_segment(std::string_view& path) {
    path.remove_prefix(1);  // the slash
    const auto end = path.find('/');
    const auto segment = path.substr(0, end);
    path = end == path.npos ? std::string_view{} : path.substr(end);
    return segment;
}

// The values of the template's {names}, or nothing when the path is another one.
std::optional<std::vector<std::string>> parameters_of(std::string_view pattern,
                                                      std::string_view path) {
    std::vector<std::string> values;
    while (!pattern.empty() && !path.empty()) {
        const auto wanted = next_segment(pattern);
        const auto segment = next_segment(path);
        if (wanted.starts_with('{')) {
            if (segment.empty()) return std::nullopt;
            auto value = percent_decode(segment);
            if (!is_valid_utf8(value) || value.contains('\0')) return std::nullopt;
            values.push_back(std::move(value));
        } else if (wanted != segment) {
            return std::nullopt;
        }
    }
    return pattern.empty() && path.empty() ? std::optional(std::move(values)) : std::nullopt;
}

bool take(std::string_view& text, std::string_view begin) {
    if (!text.starts_with(begin)) return false;
    text.remove_prefix(begin.size());
    return true;
}

// "script.js" with the names of features in it, as @dub/analytics asks for them. One script serves
// all: what it does depends on its attributes.
bool is_script_name(std::string_view name) {
    if (!take(name, "script")) return false;
    for (const auto* feature : {".site-visit", ".outbound-domains", ".conversion-tracking"}) {
        take(name, feature);
    }
    return name == ".js";
}

// How much of each route's path comes before its first parameter.
constexpr auto kLiteralBytes = [] {
    std::array<std::size_t, std::size(kRoutes)> bytes{};
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        bytes[i] = std::min(kRoutes[i].path.find('{'), kRoutes[i].path.size());
    }
    return bytes;
}();

// Sorts out most routes by a letter, because every redirect comes past all of them.
bool may_be(std::string_view pattern, std::size_t literal, std::string_view path) {
    if (path.size() < literal) return false;
    if (literal > 1 && path[1] != pattern[1]) return false;
    if (literal == pattern.size()) return path == pattern;
    return path.starts_with(pattern.substr(0, literal));
}

// The path that the table knows. The script also stands at the place that a host name pointed here
// instead of at its usual home is asked for.
std::string_view canonical(std::string_view path) {
    auto rest = path;
    take(rest, "/analytics");
    return take(rest, "/") && is_script_name(rest) ? "/script.js" : path;
}

}  // namespace

std::span<const Route> routes() {
    return kRoutes;
}

RouteMatch match_route(std::string_view method, std::string_view path) {
    RouteMatch match;
    path = canonical(path);
    for (std::size_t i = 0; i < std::size(kRoutes); ++i) {
        const auto& route = kRoutes[i];
        if (!may_be(route.path, kLiteralBytes[i], path)) continue;
        // A literal path beats a template, so the table lists it first.
        auto parameters = parameters_of(route.path, path);
        if (!parameters) continue;
        match.path_known = true;
        match.browser = match.browser || route.browser;
        match.allow.append(match.allow.empty() ? "" : ", ").append(route.method);
        if (route.method == "GET") match.allow.append(", HEAD");
        if (route.method != method && !(method == "HEAD" && route.method == "GET")) continue;
        match.route = &route;
        match.parameters = std::move(*parameters);
        return match;
    }
    return match;
}

std::string_view without_api_prefix(std::string_view path) {
    constexpr std::string_view kApiPrefix = "/api";
    auto rest = path;
    return take(rest, kApiPrefix) && rest.starts_with('/') ? rest : path;
}

std::size_t body_bytes_max(std::string_view method, std::string_view path) {
    const auto match = match_route(method, without_api_prefix(path));
    return match.route == nullptr ? limits::kBodyBytesMax : match.route->body_bytes_max;
}

bool is_reserved_segment(std::string_view segment) {
    return segment == "api" || is_script_name(segment) ||
           std::ranges::any_of(kRoutes, [&](const Route& route) {
               auto path = route.path;
               return next_segment(path) == segment;
           });
}

}  // namespace hw
