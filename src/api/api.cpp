// SPDX-License-Identifier: Apache-2.0
#include "api/api.hpp"

#include <algorithm>
#include <array>

#include "api/bearer.hpp"
#include "api/metrics.hpp"
#include "api/redirect.hpp"
#include "base/digest.hpp"
#include "base/limits.hpp"
#include "base/log.hpp"
#include "base/utf8.hpp"
#include "core/allow_hostname.hpp"
#include "store/conversion_log.hpp"

namespace hw {
namespace {

void allow_browsers(Response& response) {
    response.headers.emplace_back("Access-Control-Allow-Origin", "*");
    // Without this a page of another site cannot read how long it is to wait.
    response.headers.emplace_back("Access-Control-Expose-Headers", "Retry-After");
    response.headers.emplace_back("Access-Control-Allow-Methods", "POST, OPTIONS");
    response.headers.emplace_back("Access-Control-Allow-Headers",
                                  "Content-Type, Authorization, X-API-Token");
}

Error too_many_requests() {
    return {ErrorCode::RateLimitExceeded, "Too many requests.", "rate_limited"};
}

// Whose good answers say how many requests are left: those of every day, and not the hot ones.
bool tells_rate(const Route& route) {
    return std::ranges::any_of(std::array{"/links", "/tags", "/folders"},
                               [&](const char* begin) { return route.path.starts_with(begin); });
}

std::shared_ptr<const Caller> find_secret_caller(Tx& tx, std::string_view hash) {
    const auto key = find_api_key(tx, hash);
    if (!key) return nullptr;
    auto workspace = find_workspace(tx, key->workspace_id);
    if (!workspace) return nullptr;
    return std::make_shared<const Caller>(Caller{.workspace = std::move(*workspace),
                                                 .scopes = key->scopes,
                                                 .expires_at_ms = key->expires_at_ms.value_or(0),
                                                 .api_key_id = key->api_key_id});
}

std::shared_ptr<const Caller> find_publishable_caller(Tx& tx, std::string_view key) {
    auto workspace = find_workspace_by_publishable_key(tx, key);
    if (!workspace) return nullptr;
    return std::make_shared<const Caller>(
        Caller{.workspace = std::move(*workspace), .scopes = {}, .publishable = true});
}

// What it takes in memory, roughly.
std::size_t bytes_of(const Domain& domain) {
    std::size_t bytes = sizeof(Domain) + domain.slug.size();
    for (const auto text :
         {&Domain::placeholder, &Domain::expired_url, &Domain::not_found_url, &Domain::logo,
          &Domain::asset_links, &Domain::apple_app_site_association}) {
        bytes += (domain.*text).value_or("").size();
    }
    return bytes;
}

// Text from the wire as it may be stored: valid UTF-8 without U+0000.
std::string storable(std::string_view text) {
    auto valid = valid_utf8(text);
    std::erase(valid, '\0');
    return valid;
}

LogEntry log_entry(Tx& tx, const Request& request, const Answer& answer) {
    return {.log_id = tx.new_id("log_"),
            .at_ms = tx.now_ms(),
            .method = std::string(request.method),
            .path = storable(request.path),
            .status = answer.status,
            .reason = answer.reason,
            .conversion_id = answer.conversion_id,
            .request_id = request.request_id,
            .request_body = storable(request.body),
            .response_body = answer.body};
}

// OPTIONS of a path, or why nothing answers.
Response no_route(const RouteMatch& match, std::string_view method) {
    if (!match.path_known) {
        return error_response(
            {ErrorCode::NotFound,
             "There is nothing at this path; see /openapi.json for the paths there are.",
             "unknown_path"},
            ErrorShape::Track);
    }
    Response response{.status = 204};
    if (method != "OPTIONS") {
        response = error_response(
            {ErrorCode::NotFound,
             "This path does not answer this method; see /openapi.json for those it does.",
             "unknown_method"},
            ErrorShape::Track);
        response.status = 405;
    }
    response.headers.emplace_back("Allow", match.allow + ", OPTIONS");
    if (match.browser) allow_browsers(response);
    return response;
}

// The key is the caller's own also where the work is the operator's: what one workspace was
// answered is no other's answer.
Result<Answer> step_once(Tx& tx, const Call& call, const Route& route,
                         std::move_only_function<Result<Answer>(Tx&)>& step) {
    const auto again = [&] { return step(tx); };
    if (!call.caller) return answer_key_once(tx, call, route, again);
    Tx own(tx, call.workspace().workspace_id);
    return answer_key_once(own, call, route, again);
}

// The work, with what every call of the route does around it.
Result<Answer> run_step(Tx& tx, const Call& call, const Route& route,
                        std::move_only_function<Result<Answer>(Tx&)>& step) {
    auto answer = call.idempotency_key.empty() ? step(tx) : step_once(tx, call, route, step);
    if (answer && route.logged) insert_log_entry(tx, log_entry(tx, call.request, *answer));
    return answer;
}

}  // namespace

// One call between its arrival and its answer. The request's views live until `reply` was called.
struct Api::Pending {
    const Route& route;
    Call call;
    Reply reply;
    Metrics& metrics;
    std::string caller_name{};  // of the caller in the cache, and where its requests are counted
    RateVerdict rate{};

    void answer(Response&& response) {
        if (route.browser) allow_browsers(response);
        if (response.status >= 400 || tells_rate(route)) tell_rate(rate, response);
        metrics.answered(route.operation, response.status);
        reply(std::move(response));
    }
};

Api::Api(Db& db, Caches& caches, Metrics& metrics, ApiOptions options)
    : db_(db),
      caches_(caches),
      metrics_(metrics),
      options_(std::move(options)),
      visitors_(db, options_.visitor),
      page_views_(db),
      rate_limiter_(options_.rate_limits, db.env().random_64()),
      live_(db, options_.live) {}

void Api::handle(const Request& request, Reply reply) {
    const auto host = request.host.empty() ? std::string_view("localhost") : request.host;
    const bool app_host = std::ranges::find(options_.app_hosts, host) != options_.app_hosts.end();
    const auto match = match_route(request.method, without_api_prefix(request.path));
    if (app_host && (match.route != nullptr || match.path_known)) {
        return handle_route(match, request, std::move(reply));
    }
    // A host that nobody listed: a short domain when a workspace has it, else the API.
    if (!is_valid_utf8(host)) return handle_route(match, request, std::move(reply));
    const auto known = caches_.domains.get(host);
    if (known.hit) {
        if (known.value) return visit(request, known.value, std::move(reply));
        return handle_route(match, request, std::move(reply));
    }
    db_.read<std::optional<Domain>>(
        std::string(kOperator),
        [name = std::string(host)](Tx& tx) -> Result<std::optional<Domain>> {
            return find_domain(tx, name);
        },
        [this, &request, host, stamp = known.stamp,
         reply = std::move(reply)](Result<std::optional<Domain>> found) mutable {
            if (!found) return reply(error_response(found.error(), ErrorShape::Track));
            const auto domain = *found ? std::make_shared<const Domain>(**found) : nullptr;
            caches_.domains.put(host, domain, domain ? bytes_of(*domain) : 0, stamp);
            if (domain) return visit(request, domain, std::move(reply));
            handle_route(match_route(request.method, without_api_prefix(request.path)), request,
                         std::move(reply));
        });
}

void Api::look_up_workspace(const std::string& workspace_id, FoundWorkspace found) {
    auto cached = caches_.workspaces.get(workspace_id);
    if (cached.hit) return found(std::move(cached.value));
    db_.read<std::shared_ptr<const Workspace>>(
        workspace_id,
        [workspace_id](Tx& tx) -> Result<std::shared_ptr<const Workspace>> {
            auto workspace = find_workspace(tx, workspace_id);
            HW_ASSERT(workspace.has_value());
            return std::make_shared<const Workspace>(std::move(*workspace));
        },
        [this, workspace_id, stamp = cached.stamp,
         found = std::move(found)](Result<std::shared_ptr<const Workspace>> read) mutable {
            if (read) caches_.workspaces.put(workspace_id, *read, sizeof(Workspace) + 512, stamp);
            found(std::move(read));
        });
}

RateVerdict Api::count_hook(std::string_view connection_id) {
    return rate_limiter_.count(RateClass::Hook, connection_id, env().now_ms());
}

void Api::handle_route(const RouteMatch& match, const Request& request, Reply reply) {
    if (match.route == nullptr) {
        auto response = no_route(match, request.method);
        metrics_.answered(response.status == 204 ? "preflight" : "unknown", response.status);
        return reply(std::move(response));
    }
    const auto& route = *match.route;
    if (route.direct != nullptr) return handle_direct(route, request, std::move(reply));
    auto pending = std::make_unique<Pending>(
        Pending{route,
                {request, nullptr, match.parameters, db_.env(), options_, &db_, &live_},
                std::move(reply),
                metrics_});
    if (route.auth != Auth::None) return authenticate(std::move(pending));
    const auto rate_class = rate_class_of(route);
    if (rate_class && !count(*pending, *rate_class, request.client_ip)) {
        return refuse(std::move(pending), too_many_requests());
    }
    run(std::move(pending));
}

void Api::handle_direct(const Route& route, const Request& request, Reply reply) {
    const auto rate_class = rate_class_of(route);
    const auto rate = rate_class
                          ? rate_limiter_.count(*rate_class, request.client_ip, env().now_ms())
                          : RateVerdict{};
    auto answer = [this, &route, rate, reply = std::move(reply)](Response&& response) mutable {
        if (route.browser) allow_browsers(response);
        if (response.status >= 400) tell_rate(rate, response);
        metrics_.answered(route.operation, response.status);
        reply(std::move(response));
    };
    if (!rate.allowed()) return answer(error_response(too_many_requests(), route.errors));
    route.direct(*this, request, std::move(answer));
}

// A visitor of a short link.
void Api::visit(const Request& request, std::shared_ptr<const Domain> domain, Reply reply) {
    const auto rate = rate_limiter_.count(RateClass::Redirect, request.client_ip, env().now_ms());
    if (rate.allowed()) return redirect(*this, request, std::move(domain), std::move(reply));
    auto response = error_response(too_many_requests(), ErrorShape::Track);
    tell_rate(rate, response);
    metrics_.answered("redirect", response.status);
    reply(std::move(response));
}

// A publishable key is found by itself, a secret one by its hash. Whoever tries keys that nobody
// asked for lately is counted by address, or guessing would be free.
void Api::authenticate(std::unique_ptr<Pending> pending) {
    const bool publishable = pending->route.auth == Auth::Publishable;
    const auto& request = pending->call.request;
    const auto key = publishable ? read_publishable_key(request) : read_secret_key(request);
    if (!key) return refuse(std::move(pending), key.error());
    auto& name = pending->caller_name;
    name = publishable ? std::string(*key) : sha256_hex(*key);
    auto known = caches_.callers.get(name);
    if (known.hit) return admit(std::move(pending), std::move(known.value));
    if (!count(*pending, RateClass::Address, request.client_ip)) {
        return refuse(std::move(pending), too_many_requests());
    }
    db_.read<std::shared_ptr<const Caller>>(
        std::string(kOperator),
        [&name, publishable](Tx& tx) -> Result<std::shared_ptr<const Caller>> {
            return publishable ? find_publishable_caller(tx, name) : find_secret_caller(tx, name);
        },
        [this, stamp = known.stamp,
         pending = std::move(pending)](Result<std::shared_ptr<const Caller>> found) mutable {
            if (!found) return refuse(std::move(pending), found.error());
            caches_.callers.put(pending->caller_name, *found, sizeof(Caller) + 512, stamp);
            admit(std::move(pending), std::move(*found));
        });
}

// Counts the request of `who`; false when there were too many.
bool Api::count(Pending& pending, RateClass rate_class, std::string_view who) {
    pending.rate = rate_limiter_.count(rate_class, who, env().now_ms());
    return pending.rate.allowed();
}

void Api::admit(std::unique_ptr<Pending> pending, std::shared_ptr<const Caller> caller) {
    const bool publishable = pending->route.auth == Auth::Publishable;
    if (!caller) {
        return refuse(std::move(pending),
                      {ErrorCode::Unauthorized,
                       publishable ? "Invalid publishable key." : "Unauthorized: Invalid API key.",
                       "unknown_key"});
    }
    if (caller->expires_at_ms != 0 && caller->expires_at_ms <= env().now_ms()) {
        return refuse(std::move(pending), {ErrorCode::Unauthorized,
                                           "Unauthorized: Access token expired.", "expired_key"});
    }
    auto& call = pending->call;
    call.caller = std::move(caller);
    const auto rate_class = rate_class_of(pending->route);
    if (rate_class && !count(*pending, *rate_class, pending->caller_name)) {
        return refuse(std::move(pending), too_many_requests());
    }
    if (publishable) {
        const auto& request = call.request;
        const auto allowed =
            allow_hostname(call.workspace().allowed_hostnames,
                           request_hostname(request.header("Referer"), request.header("Origin")));
        if (!allowed) return refuse(std::move(pending), allowed.error());
        return run(std::move(pending));
    }
    const auto scope = pending->route.scope;
    if (!scope.empty() && !has_scope(call.caller->scopes, scope)) {
        auto message =
            "The provided key does not have the required permissions for this endpoint on the "
            "workspace '" +
            call.workspace().workspace_id + "'. Having the '" + std::string(scope) +
            "' permission would allow this request to continue.";
        return refuse(std::move(pending), {ErrorCode::Forbidden, std::move(message), "no_scope"});
    }
    run(std::move(pending));
}

void Api::run(std::unique_ptr<Pending> pending) {
    auto key = read_idempotency_key(pending->call.request);
    if (!key) return refuse(std::move(pending), key.error());
    pending->call.idempotency_key = std::move(*key);
    auto work = pending->route.handler(pending->call);
    if (!work) return refuse(std::move(pending), work.error());
    if (work->go_on) {
        return run_in_turns(std::move(pending), std::make_shared<Work>(std::move(*work)));
    }
    if (!work->first) return submit(std::move(pending), std::move(*work));
    auto first = std::move(work->first);
    first([this, pending = std::move(pending), work = std::move(*work)]() mutable {
        submit(std::move(pending), std::move(work));
    });
}

void Api::submit(std::unique_ptr<Pending> pending, Work&& work) {
    const auto& call = pending->call;
    const bool of_workspace = call.caller && !work.as_operator;
    const auto workspace_id = of_workspace ? call.workspace().workspace_id : std::string(kOperator);
    auto step = [&call, &route = pending->route, step = std::move(work.step)](
                    Tx& tx) mutable -> Result<Answer> { return run_step(tx, call, route, step); };
    auto done = [this, pending = std::move(pending)](Result<Answer> answer) mutable {
        if (!answer) return refuse(std::move(pending), answer.error());
        pending->answer(std::move(*answer));
    };
    if (work.mode == Work::Mode::Read) {
        db_.read<Answer>(workspace_id, std::move(step), std::move(done));
    } else if (work.mode == Work::Mode::Scan) {
        db_.scan<Answer>(workspace_id, std::move(step), std::move(done));
    } else if (work.mode == Work::Mode::DryRun) {
        db_.dry_run<Answer>(workspace_id, std::move(step), std::move(done));
    } else {
        db_.write<Answer>(workspace_id, std::move(step), std::move(done));
    }
}

// One transaction after the other, each behind what others queued while the one before it ran.
void Api::run_in_turns(std::unique_ptr<Pending> pending, std::shared_ptr<Work> work) {
    const auto workspace_id = pending->call.workspace().workspace_id;
    db_.write<Answer>(
        workspace_id, [work](Tx& tx) { return work->step(tx); },
        [this, work, pending = std::move(pending)](Result<Answer> answer) mutable {
            if (!answer) return refuse(std::move(pending), answer.error());
            if (work->go_on()) return run_in_turns(std::move(pending), std::move(work));
            pending->answer(std::move(*answer));
        });
}

// Answers with the error. Routes of the conversion log record it first, in a transaction of its
// own, because the refused one wrote nothing.
void Api::refuse(std::unique_ptr<Pending> pending, const Error& error) {
    Answer answer;
    static_cast<Response&>(answer) = error_response(error, pending->route.errors);
    answer.reason = error.reason;
    const bool loggable = pending->route.logged && pending->call.caller &&
                          error.code != ErrorCode::Unavailable &&
                          error.code != ErrorCode::RateLimitExceeded;
    if (!loggable) return pending->answer(std::move(answer));

    const auto& request = pending->call.request;
    const auto workspace_id = pending->call.workspace().workspace_id;
    db_.write<Answer>(
        workspace_id,
        [&request, answer](Tx& tx) -> Result<Answer> {
            insert_log_entry(tx, log_entry(tx, request, answer));
            return answer;
        },
        [answer, pending = std::move(pending)](Result<Answer>) mutable {
            pending->answer(std::move(answer));
        });
}

}  // namespace hw
