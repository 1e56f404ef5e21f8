// SPDX-License-Identifier: Apache-2.0
#include "api/routes.hpp"

#include <algorithm>
#include <array>

#include "api/avatar.hpp"
#include "api/create_link.hpp"
#include "api/customers.hpp"
#include "api/delete_link.hpp"
#include "api/explain_conversion.hpp"
#include "api/get_analytics.hpp"
#include "api/get_link.hpp"
#include "api/list_events.hpp"
#include "api/list_links.hpp"
#include "api/operations.hpp"
#include "api/setup.hpp"
#include "api/track_click.hpp"
#include "api/track_lead.hpp"
#include "api/track_log.hpp"
#include "api/track_sale.hpp"
#include "api/update_link.hpp"
#include "base/percent.hpp"
#include "base/utf8.hpp"

namespace hw {
namespace {

constexpr auto kNone = Auth::None;
constexpr auto kTrack = ErrorShape::Track;
constexpr auto kProblem = ErrorShape::Problem;

// Each path answers with and without "/api" in front.
constexpr std::array kRoutes{
    Route{"POST", "/track/click", "trackClick", kNone, "", kTrack, true, false, nullptr,
          api::track_click},
    Route{"POST", "/track/lead", "trackLead", Auth::Secret, "conversions.write", kTrack, false,
          true, api::track_lead},
    Route{"POST", "/track/sale", "trackSale", Auth::Secret, "conversions.write", kTrack, false,
          true, api::track_sale},

    Route{"POST", "/links", "createLink", Auth::Secret, "links.write", kTrack, false, false,
          api::create_link},
    Route{"GET", "/links", "getLinks", Auth::Secret, "links.read", kTrack, false, false,
          api::list_links},
    Route{"GET", "/links/info", "getLinkInfo", Auth::Secret, "links.read", kTrack, false, false,
          api::get_link_info},
    Route{"GET", "/links/{linkId}", "getLink", Auth::Secret, "links.read", kTrack, false, false,
          api::get_link},
    Route{"PATCH", "/links/{linkId}", "updateLink", Auth::Secret, "links.write", kTrack, false,
          false, api::update_link},
    Route{"PUT", "/links/{linkId}", "putLink", Auth::Secret, "links.write", kTrack, false, false,
          api::update_link},
    Route{"DELETE", "/links/{linkId}", "deleteLink", Auth::Secret, "links.write", kTrack, false,
          false, api::delete_link},

    Route{"GET", "/analytics", "getAnalytics", Auth::Secret, "analytics.read", kTrack, false, false,
          api::get_analytics},
    Route{"GET", "/analytics/{event}", "getAnalyticsCount", Auth::Secret, "analytics.read", kTrack,
          false, false, api::get_analytics_of_event},
    Route{"GET", "/analytics/{event}/{endpoint}", "getAnalyticsOfEvent", Auth::Secret,
          "analytics.read", kTrack, false, false, api::get_analytics_of_event},

    Route{"GET", "/events", "listEvents", Auth::Secret, "analytics.read", kTrack, false, false,
          api::list_events},

    Route{"GET", "/customers", "getCustomers", Auth::Secret, "customers.read", kTrack, false, false,
          api::list_customers},
    Route{"POST", "/customers", "createCustomer", Auth::Secret, "customers.write", kTrack, false,
          false, api::add_customer},
    Route{"GET", "/customers/{id}", "getCustomer", Auth::Secret, "customers.read", kTrack, false,
          false, api::get_customer},
    Route{"PATCH", "/customers/{id}", "updateCustomer", Auth::Secret, "customers.write", kTrack,
          false, false, api::change_customer},
    Route{"DELETE", "/customers/{id}", "deleteCustomer", Auth::Secret, "customers.write", kTrack,
          false, false, api::remove_customer},

    Route{"GET", "/track/log", "listConversionLog", Auth::Secret, "analytics.read", kProblem, false,
          false, api::track_log},
    Route{"GET", "/conversions/{id}/explain", "explainConversion", Auth::Secret, "analytics.read",
          kProblem, false, false, api::explain_conversion},

    Route{"GET", "/setup/{token}", "showSetup", kNone, "", kProblem, false, false, nullptr,
          api::show_setup},
    Route{"POST", "/setup/{token}", "completeSetup", kNone, "", kProblem, false, false, nullptr,
          api::complete_setup},
    Route{"GET", "/avatars/{workspaceId}/{file}", "avatar", kNone, "", kProblem, false, false,
          api::avatar},

    Route{"GET", "/livez", "live", kNone, "", kProblem, false, false, nullptr, api::live},
    Route{"GET", "/readyz", "ready", kNone, "", kProblem, false, false, nullptr, api::ready},
    Route{"GET", "/metrics", "metrics", kNone, "", kProblem, false, false, nullptr, api::metrics},
    Route{"GET", "/openapi.json", "openapi", kNone, "", kProblem, false, false, nullptr,
          api::openapi},
    Route{"GET", "/script.js", "browserScript", kNone, "", kProblem, false, false, nullptr,
          api::browser_script},
};

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

}  // namespace

std::span<const Route> routes() {
    return kRoutes;
}

RouteMatch match_route(std::string_view method, std::string_view path) {
    RouteMatch match;
    for (const auto& route : kRoutes) {
        // A literal path beats a template, so the table lists it first.
        if (!route.path.contains('{') && route.path != path) continue;
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

bool is_reserved_segment(std::string_view segment) {
    return segment == "api" || std::ranges::any_of(kRoutes, [&](const Route& route) {
               auto path = route.path;
               return next_segment(path) == segment;
           });
}

}  // namespace hw
