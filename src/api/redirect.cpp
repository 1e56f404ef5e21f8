// SPDX-License-Identifier: Apache-2.0
// The redirect ladder of reference/dub 3.3 to 3.5, the steps that the link's present fields need.
#include "api/redirect.hpp"

#include <fmt/format.h>

#include "api/api.hpp"
#include "api/link_lookup.hpp"
#include "api/metrics.hpp"
#include "base/civil_time.hpp"
#include "base/cookie.hpp"
#include "base/final_url.hpp"
#include "base/id.hpp"
#include "base/limits.hpp"
#include "base/link_key.hpp"
#include "base/percent.hpp"

namespace hw {
namespace {

constexpr std::string_view kNotFoundPage =
    "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Link not found</title>"
    "<p>This link does not exist or is no longer active.</p></html>";
constexpr std::string_view kExpiredPage =
    "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Link expired</title>"
    "<p>This link has expired.</p></html>";

// What the visit brings along, while the answer is being made.
struct Visit {
    Api& api;
    const Request& request;
    std::shared_ptr<const Link> link;
    bool no_track;
    Reply reply;
};

Response page(int status, std::string_view html) {
    return {.status = status,
            .body = std::string(html),
            .content_type = "text/html; charset=utf-8",
            .headers = {{"X-Robots-Tag", "noindex"}, {"Cache-Control", "no-store"}}};
}

Response to(std::string location, int status = 302) {
    return {.status = status,
            .body = {},
            .content_type = {},
            .headers = {{"Location", std::move(location)}, {"Cache-Control", "no-store"}}};
}

bool is_partner_link(const Link& link) {
    return link.program_id && link.partner_id;
}

bool passes_click_id(const Link& link) {
    return link.track_conversion || is_partner_link(link);
}

std::string cookie_name(const Link& link) {
    return "dub_id_" + link.domain + "_" + link.key;
}

void answer(Visit& visit, Response&& response) {
    visit.api.metrics().answered("redirect", response.status);
    visit.reply(std::move(response));
}

// The link's address as browsers write it, for the path of its cookie.
std::string path_of(const Link& link) {
    std::string path = "/";
    if (link.key == kRootKey) return path;
    const auto key = display_key(link.key);
    for (std::string_view rest = key;;) {
        const auto slash = rest.find('/');
        path += percent_encode_component(rest.substr(0, slash));
        if (slash == rest.npos) return path;
        path += '/';
        rest.remove_prefix(slash + 1);
    }
}

void remember_click(const Link& link, std::string_view click_id, Response& response) {
    const auto name = cookie_name(link);
    const auto path = path_of(link);
    auto cookie = set_cookie_text({.name = name,
                                   .value = click_id,
                                   .path = path,
                                   .max_age_s = limits::kClickDedupMs / kSecondMs});
    if (cookie) response.headers.emplace_back("Set-Cookie", std::move(*cookie));
}

enum class Remember : std::uint8_t { Yes, No };

// Where the visitor goes. `click_id` is empty when nothing was recorded.
Response onward(const Visit& visit, std::string_view click_id, Remember remember) {
    const auto& link = *visit.link;
    auto response = to(final_url({.target = link.url,
                                  .via_key = is_partner_link(link) ? link.key : std::string_view{},
                                  .click_id = passes_click_id(link) ? click_id : std::string_view{},
                                  .visit_query = visit.request.query,
                                  .no_track = visit.no_track}),
                       link.key == kRootKey ? 301 : 302);
    if (!link.do_index) response.headers.emplace_back("X-Robots-Tag", "googlebot: noindex");
    if (!click_id.empty() && remember == Remember::Yes) remember_click(link, click_id, response);
    return response;
}

void send_on(Visit& visit, std::string_view click_id, Remember remember = Remember::Yes) {
    answer(visit, onward(visit, click_id, remember));
}

// The click id in the visitor's cookie, while its hour lasts: the id itself carries its time.
std::string_view click_of_cookie(const Visit& visit) {
    const auto header = visit.request.header("Cookie");
    if (header.empty()) return {};
    const auto value = cookie_value(header, cookie_name(*visit.link));
    if (!value || !is_click_id(*value)) return {};
    const auto at_ms = click_id_time_ms(*value);
    const auto age_ms = visit.api.env().now_ms() - at_ms;
    if (age_ms < 0 || age_ms >= limits::kClickDedupMs) return {};
    // One from before the link was made is of another link that had the same key.
    return at_ms >= visit.link->created_at_ms ? *value : std::string_view{};
}

void record(std::unique_ptr<Visit> visit) {
    const auto trigger = find_parameter(visit->request.query, "qr") == "1" ? "qr" : "link";
    auto& api = visit->api;
    auto touch = api.visitors().observe(visit->request, *visit->link, trigger);
    // The id that a program was given must not stick to the person it works for.
    const auto remember = touch.bot ? Remember::No : Remember::Yes;
    if (const auto earlier = api.db().recent_click(touch, touch.at_ms)) {
        return send_on(*visit, *earlier, remember);
    }
    // Made here and not by the database thread, whose time bounds the clicks per second.
    auto response = onward(*visit, touch.touch_id, remember);
    auto done = [visit = std::move(visit), id = touch.touch_id, response = std::move(response),
                 remember](Result<RecordedClick> recorded) mutable {
        if (!recorded) {
            return answer(*visit, error_response(recorded.error(), ErrorShape::Track));
        }
        if (recorded->click_id == id) return answer(*visit, std::move(response));
        send_on(*visit, recorded->click_id, remember);
    };
    api.db().record_click(std::move(touch), std::move(done));
}

void follow(std::unique_ptr<Visit> visit) {
    const auto& link = visit->link;
    if (!link || link->disabled_at_ms) return answer(*visit, page(404, kNotFoundPage));
    if (link->expires_at_ms && *link->expires_at_ms <= visit->api.env().now_ms()) {
        return answer(*visit, link->expired_url ? to(*link->expired_url) : page(410, kExpiredPage));
    }
    if (visit->no_track) return send_on(*visit, {});
    if (const auto click_id = click_of_cookie(*visit); !click_id.empty()) {
        return send_on(*visit, click_id);
    }
    auto& visitors = visit->api.visitors();
    visitors.with_salts([visit = std::move(visit)](std::optional<Error> failed) mutable {
        if (failed) return answer(*visit, error_response(*failed, ErrorShape::Track));
        record(std::move(visit));
    });
}

}  // namespace

void redirect(Api& api, const Request& request, Reply reply) {
    if (request.method != "GET" && request.method != "HEAD") {
        return reply(page(405, kNotFoundPage));
    }
    const bool no_track = request.has_header("dub-no-track") ||
                          find_parameter(request.query, "dub-no-track").has_value();
    auto visit = std::make_unique<Visit>(Visit{api, request, nullptr, no_track, std::move(reply)});
    auto key = fold_key(request.path);
    if (key.empty()) key = kRootKey;
    if (is_unsupported_key(key) && key != kRootKey) return answer(*visit, to("/?dub-no-track=1"));
    look_up_link(api, std::string(request.host), std::move(key),
                 [visit = std::move(visit)](Result<std::shared_ptr<const Link>> link) mutable {
                     if (!link)
                         return answer(*visit, error_response(link.error(), ErrorShape::Track));
                     visit->link = std::move(*link);
                     follow(std::move(visit));
                 });
}

}  // namespace hw
