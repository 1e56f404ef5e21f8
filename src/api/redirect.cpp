// SPDX-License-Identifier: Apache-2.0
// The redirect ladder of reference/dub 3.3 to 3.5: kLadder has the rungs that answer without a
// click, redirect_target.cpp those that choose where the visitor goes.
#include "api/redirect.hpp"

#include "api/api.hpp"
#include "api/link_lookup.hpp"
#include "api/metrics.hpp"
#include "api/redirect_cookies.hpp"
#include "api/redirect_pages.hpp"
#include "api/redirect_target.hpp"
#include "api/track_body.hpp"
#include "base/digest.hpp"
#include "base/limits.hpp"
#include "base/link_key.hpp"
#include "base/percent.hpp"
#include "base/url.hpp"
#include "store/deep_link_clicks.hpp"

namespace hw {
namespace {

// What the visit brings along, while the answer is being made.
struct Visit {
    Api& api;
    const Request& request;
    std::shared_ptr<const Domain> domain;
    bool no_track;
    Reply reply;
    bool inspect = false;  // the key ended with "+"
    std::shared_ptr<const PreparedLink> link{};
    bool password_given = false;  // in this request
    Target target{};
    std::string redirected{};  // the good redir_url; target refers to it

    bool is_post() const { return request.method == "POST"; }
};

Response to(std::string location, int status = 302) {
    return {.status = status,
            .body = {},
            .content_type = {},
            .headers = {{"Location", std::move(location)}, {"Cache-Control", "no-store"}}};
}

void answer(Visit& visit, Response&& response) {
    visit.api.metrics().answered("redirect", response.status);
    visit.reply(std::move(response));
}

void refuse(Visit& visit, const Error& error) {
    answer(visit, error_response(error, ErrorShape::Track));
}

bool is_partner_link(const Link& link) {
    return link.program_id && link.partner_id;
}

bool passes_click_id(const Link& link, TargetKind kind) {
    return link.track_conversion || is_partner_link(link) || wants_click_id(kind);
}

// The ladder. Each rung answers and gives true, or leaves the visitor to the next.

bool not_found(Visit& visit) {
    // A disabled link is not there for anybody, not even for those who look behind it.
    if (visit.link && !visit.link->disabled_at_ms) return false;
    const auto& elsewhere = visit.domain->not_found_url;
    answer(visit, elsewhere ? to(*elsewhere, 307) : not_found_page());
    return true;
}

bool wrong_method(Visit& visit) {
    // The form of the password page alone posts.
    if (!visit.is_post() || visit.link->password) return false;
    answer(visit, method_page());
    return true;
}

bool inspect(Visit& visit) {
    if (!visit.inspect || visit.link->password) return false;
    answer(visit, inspect_page(*visit.link, visit.api.env()));
    return true;
}

bool password(Visit& visit) {
    const auto& link = *visit.link;
    if (!link.password || link.password->empty()) return false;
    const auto given =
        find_parameter(visit.is_post() ? visit.request.body : visit.request.query, "pw");
    visit.password_given = given && equal_secret(form_decode(*given), *link.password);
    if (visit.password_given || (!given && has_password_cookie(visit.request, link))) return false;
    answer(visit, password_page(given.has_value(), visit.api.env()));
    return true;
}

bool expired(Visit& visit) {
    const auto& link = *visit.link;
    if (!link.expires_at_ms || *link.expires_at_ms > visit.api.env().now_ms()) return false;
    const auto& elsewhere = link.expired_url ? link.expired_url : visit.domain->expired_url;
    answer(visit, elsewhere ? to(*elsewhere) : expired_page());
    return true;
}

bool preview(Visit& visit) {
    const auto& link = *visit.link;
    if (!link.proxy || !visit.api.visitors().is_bot(visit.request)) return false;
    answer(visit, preview_page(link, visit.api.env()));
    return true;
}

constexpr bool (*kLadder[])(Visit&) = {
    not_found, wrong_method, inspect, password, expired, preview,
};

// Where this visitor goes, as far as the link says.
void choose(Visit& visit) {
    const auto& link = *visit.link;
    Traits traits;
    std::shared_ptr<const UserAgent> agent;
    std::string country;
    if (link.ios || link.android) {
        agent = visit.api.visitors().agent_of(visit.request);
        traits.os = agent->os;
        traits.skip_store_preview =
            find_parameter(visit.request.query, "skip_deeplink_preview") == "1";
    }
    if (!link.geo_targets.empty()) {
        country = visit.api.visitors().country_of(visit.request);
        traits.country = country;
    }
    if (!link.variants.empty()) traits.variant_tag = variant_of_cookie(visit.request);
    visit.target = choose_target(link, traits, visit.api.env());
}

std::string target_address(const Visit& visit, std::string_view click_id) {
    const auto& link = *visit.link;
    const auto kind = visit.target.kind;
    FinalUrl input{.target = visit.target.url,
                   .via_key = is_partner_link(link) ? link.key : std::string_view{},
                   .click_id = passes_click_id(link, kind) ? click_id : std::string_view{},
                   .visit_query = visit.request.query,
                   .no_track = visit.no_track,
                   .has_password = link.password.has_value(),
                   .kind = kind};
    if (kind == TargetKind::Plain) return final_url(input);
    const auto address = kind == TargetKind::PlayStore ? short_link(link) : std::string{};
    input.key = link.key;
    input.short_link = address;
    input.user_agent = visit.request.header("User-Agent");
    input.ip = visit.request.client_ip;
    return final_url(input);
}

Response shown(const Visit& visit, std::string_view click_id) {
    const auto& link = *visit.link;
    auto& env = visit.api.env();
    switch (visit.target.show) {
        case Show::Frame:
            return frame_page(link, target_address(visit, click_id), env);
        case Show::OpenApp:
            return open_app_page(target_address(visit, click_id), env);
        case Show::Store:
            return store_page(link, visit.request.query, env);
        case Show::Placeholder:
            return placeholder_page(*visit.domain, env);
        case Show::Redirect:
            break;
    }
    const int status = link.key == kRootKey ? 301 : 302;
    // What was posted must not be posted again to the destination.
    auto response = to(target_address(visit, click_id), visit.is_post() ? 303 : status);
    if (!link.do_index) response.headers.emplace_back("X-Robots-Tag", "googlebot: noindex");
    return response;
}

enum class Remember : std::uint8_t { Yes, No };

// Where the visitor goes. `click_id` is empty when nothing was recorded.
Response onward(const Visit& visit, std::string_view click_id, Remember remember) {
    const auto& link = *visit.link;
    auto response = shown(visit, click_id);
    if (remember == Remember::Yes) {
        if (!click_id.empty()) remember_click(link, click_id, response);
        if (visit.target.variant != nullptr) {
            remember_variant(link, visit.target.variant->tag, response);
        }
    }
    if (visit.password_given) remember_password(visit.request, link, response);
    return response;
}

void send_on(Visit& visit, std::string_view click_id, Remember remember = Remember::Yes) {
    answer(visit, onward(visit, click_id, remember));
}

// The app that the store will install asks for this click by the visitor's address (/track/open).
void send_to_store(std::unique_ptr<Visit> visit, std::string_view click_id, Remember remember) {
    const auto& link = *visit->link;
    const DeepLinkClick click{.workspace_id = link.workspace_id,
                              .domain = link.domain,
                              .address = visit->api.visitors().addresses_of(visit->request).today,
                              .touch_id = std::string(click_id),
                              .link_id = link.link_id,
                              .at_ms = visit->api.env().now_ms()};
    auto& db = visit->api.db();
    db.write<bool>(
        link.workspace_id,
        [click](Tx& tx) -> Result<bool> {
            put_deep_link_click(tx, click, tx.now_ms() - limits::kClickDedupMs);
            return true;
        },
        [visit = std::move(visit), id = click.touch_id, remember](Result<bool> stored) mutable {
            if (!stored) return refuse(*visit, stored.error());
            send_on(*visit, id, remember);
        });
}

void deliver(std::unique_ptr<Visit> visit, std::string_view click_id, Remember remember) {
    if (visit->target.show != Show::Store) return send_on(*visit, click_id, remember);
    send_to_store(std::move(visit), click_id, remember);
}

void record(std::unique_ptr<Visit> visit) {
    const auto trigger = find_parameter(visit->request.query, "qr") == "1" ? "qr" : "link";
    auto& api = visit->api;
    auto touch = api.visitors().observe(visit->request, *visit->link, trigger);
    if (!visit->link->plain || !visit->redirected.empty()) touch.url = visit->target.url;
    // The id that a program was given must not stick to the person it works for.
    const auto remember = touch.bot ? Remember::No : Remember::Yes;
    if (const auto earlier = api.db().recent_click(touch, touch.at_ms)) {
        return deliver(std::move(visit), *earlier, remember);
    }
    // Made here and not by the database thread, whose time bounds the clicks per second.
    std::optional<Response> ready;
    if (visit->target.show != Show::Store) ready = onward(*visit, touch.touch_id, remember);
    auto done = [visit = std::move(visit), id = touch.touch_id, ready = std::move(ready),
                 remember](Result<RecordedClick> recorded) mutable {
        if (!recorded) return refuse(*visit, recorded.error());
        if (ready && recorded->click_id == id) return answer(*visit, std::move(*ready));
        deliver(std::move(visit), recorded->click_id, remember);
    };
    api.db().record_click(std::move(touch), std::move(done));
}

void count(std::unique_ptr<Visit> visit) {
    if (visit->no_track) return send_on(*visit, {});
    const bool to_store = visit->target.show == Show::Store;
    const auto known = click_of_cookie(visit->request, *visit->link, visit->api.env().now_ms());
    if (!known.empty() && !to_store) return send_on(*visit, known);
    auto& visitors = visit->api.visitors();
    visitors.with_salts([visit = std::move(visit), known](std::optional<Error> failed) mutable {
        if (failed) return refuse(*visit, *failed);
        if (!known.empty()) return deliver(std::move(visit), known, Remember::Yes);
        record(std::move(visit));
    });
}

// redir_url of the visit where it is a destination; else empty.
std::string wanted_target(const Visit& visit) {
    if (visit.target.show != Show::Redirect || visit.request.query.empty()) return {};
    const auto raw = find_parameter(visit.request.query, "redir_url");
    return raw ? normalize_destination(form_decode(*raw)).value_or("") : std::string{};
}

void take_redirect(Visit& visit, std::string&& url) {
    visit.redirected = std::move(url);
    visit.target.url = visit.redirected;
    visit.target.kind = target_kind(visit.redirected);
}

void follow(std::unique_ptr<Visit> visit) {
    for (const auto rung : kLadder) {
        if (rung(*visit)) return;
    }
    choose(*visit);
    auto wanted = wanted_target(*visit);
    if (wanted.empty()) return count(std::move(visit));
    auto& api = visit->api;
    const auto workspace_id = visit->link->workspace_id;
    api.look_up_workspace(
        workspace_id, [visit = std::move(visit), wanted = std::move(wanted)](
                          Result<std::shared_ptr<const Workspace>> workspace) mutable {
            if (!workspace) return refuse(*visit, workspace.error());
            if (may_redirect_to(wanted, *visit->link, (*workspace)->allowed_hostnames)) {
                take_redirect(*visit, std::move(wanted));
            }
            count(std::move(visit));
        });
}

}  // namespace

void redirect(Api& api, const Request& request, std::shared_ptr<const Domain> domain, Reply reply) {
    const bool reads = request.method == "GET" || request.method == "HEAD";
    if (!reads && request.method != "POST") return reply(method_page());
    if (is_app_association_path(request.path)) {
        return reply(app_association(*domain, request.path));
    }
    const bool no_track = request.has_header("dub-no-track") ||
                          find_parameter(request.query, "dub-no-track").has_value();
    auto visit =
        std::make_unique<Visit>(Visit{api, request, std::move(domain), no_track, std::move(reply)});
    auto key = fold_key(request.path);
    if (key.ends_with('+')) {
        visit->inspect = true;
        key.pop_back();
        while (key.ends_with('/')) key.pop_back();
    }
    if (key.empty()) key = kRootKey;
    if (is_unsupported_key(key) && key != kRootKey) return answer(*visit, to("/?dub-no-track=1"));
    look_up_link(
        api, std::string(request.host), std::move(key),
        [visit = std::move(visit)](Result<std::shared_ptr<const PreparedLink>> link) mutable {
            if (!link) return refuse(*visit, link.error());
            visit->link = std::move(*link);
            follow(std::move(visit));
        });
}

}  // namespace hw
