// SPDX-License-Identifier: Apache-2.0
#include "api/api.hpp"

#include <algorithm>

#include "api/metrics.hpp"
#include "api/redirect.hpp"
#include "base/digest.hpp"
#include "base/limits.hpp"
#include "base/log.hpp"
#include "base/utf8.hpp"
#include "store/conversion_log.hpp"

namespace hw {
namespace {

constexpr std::string_view kApiPrefix = "/api";

std::string_view without_prefix(std::string_view path) {
    if (path.starts_with(kApiPrefix) && path.size() > kApiPrefix.size() &&
        path[kApiPrefix.size()] == '/') {
        return path.substr(kApiPrefix.size());
    }
    return path;
}

void allow_browsers(Response& response) {
    response.headers.emplace_back("Access-Control-Allow-Origin", "*");
    response.headers.emplace_back("Access-Control-Allow-Methods", "POST, OPTIONS");
    response.headers.emplace_back("Access-Control-Allow-Headers", "Content-Type, Authorization");
}

bool has_scope(std::string_view scopes, std::string_view wanted) {
    while (!scopes.empty()) {
        const auto space = scopes.find(' ');
        const auto scope = scopes.substr(0, space);
        if (scope == wanted || scope == "apis.all") return true;
        if (scope == "apis.read" && wanted.ends_with(".read")) return true;
        scopes = space == scopes.npos ? std::string_view{} : scopes.substr(space + 1);
    }
    return false;
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

// The work, with what every call of the route does around it.
Result<Answer> run_step(Tx& tx, const Call& call, const Route& route,
                        std::move_only_function<Result<Answer>(Tx&)>& step) {
    auto answer = call.idempotency_key.empty()
                      ? step(tx)
                      : answer_key_once(tx, call, route, [&] { return step(tx); });
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

    void answer(Response&& response) {
        if (route.browser) allow_browsers(response);
        metrics.answered(route.operation, response.status);
        reply(std::move(response));
    }
};

Api::Api(Db& db, Caches& caches, Metrics& metrics, ApiOptions options)
    : db_(db),
      caches_(caches),
      metrics_(metrics),
      options_(std::move(options)),
      visitors_(db, options_.visitor) {}

void Api::handle(const Request& request, Reply reply) {
    const auto host = request.host.empty() ? std::string_view("localhost") : request.host;
    const bool app_host = std::ranges::find(options_.app_hosts, host) != options_.app_hosts.end();
    const auto match = match_route(request.method, without_prefix(request.path));
    if (app_host && (match.route != nullptr || match.path_known)) {
        return handle_route(match, request, std::move(reply));
    }
    // A host that nobody listed: a short domain when a workspace has it, else the API.
    if (!is_valid_utf8(host)) return handle_route(match, request, std::move(reply));
    const auto known = caches_.domains.get(host);
    if (known.hit) {
        if (known.value) return redirect(*this, request, std::move(reply));
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
            caches_.domains.put(host, domain, sizeof(Domain), stamp);
            if (domain) return redirect(*this, request, std::move(reply));
            handle_route(match_route(request.method, without_prefix(request.path)), request,
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

void Api::handle_route(const RouteMatch& match, const Request& request, Reply reply) {
    if (match.route == nullptr) {
        auto response = no_route(match, request.method);
        metrics_.answered(response.status == 204 ? "preflight" : "unknown", response.status);
        return reply(std::move(response));
    }
    const auto& route = *match.route;
    if (route.direct != nullptr) {
        return route.direct(*this, request,
                            [this, &route, reply = std::move(reply)](Response&& response) mutable {
                                if (route.browser) allow_browsers(response);
                                metrics_.answered(route.operation, response.status);
                                reply(std::move(response));
                            });
    }
    auto pending =
        std::make_unique<Pending>(Pending{route,
                                          {request, nullptr, match.parameters, db_.env(), options_},
                                          std::move(reply),
                                          metrics_});
    if (route.auth == Auth::None) return run(std::move(pending));
    authenticate(std::move(pending));
}

void Api::authenticate(std::unique_ptr<Pending> pending) {
    constexpr std::string_view kBearer = "Bearer ";
    const auto& request = pending->call.request;
    const bool publishable = pending->route.auth == Auth::Publishable;
    const auto header = request.header("Authorization");
    if (header.empty()) {
        return refuse(
            std::move(pending),
            {ErrorCode::Unauthorized,
             publishable ? "Missing publishable key." : "Missing Authorization header.", "no_key"});
    }
    if (!header.starts_with(kBearer)) {
        return refuse(std::move(pending),
                      {ErrorCode::BadRequest,
                       "Misconfigured authorization header. Did you forget to add 'Bearer '? Learn "
                       "more: https://d.to/auth",
                       "no_bearer"});
    }
    const auto hash = sha256_hex(header.substr(kBearer.size()));
    auto known = caches_.callers.get(hash);
    if (known.hit) return admit(std::move(pending), std::move(known.value));
    db_.read<std::shared_ptr<const Caller>>(
        std::string(kOperator),
        [hash](Tx& tx) -> Result<std::shared_ptr<const Caller>> {
            const auto key = find_api_key(tx, hash);
            if (!key) return nullptr;
            auto workspace = find_workspace(tx, key->workspace_id);
            if (!workspace) return nullptr;
            return std::make_shared<const Caller>(
                Caller{.workspace = std::move(*workspace),
                       .scopes = key->scopes,
                       .expires_at_ms = key->expires_at_ms.value_or(0)});
        },
        [this, hash, stamp = known.stamp,
         pending = std::move(pending)](Result<std::shared_ptr<const Caller>> found) mutable {
            if (!found) return refuse(std::move(pending), found.error());
            caches_.callers.put(hash, *found, sizeof(Caller) + 512, stamp);
            admit(std::move(pending), std::move(*found));
        });
}

void Api::admit(std::unique_ptr<Pending> pending, std::shared_ptr<const Caller> caller) {
    if (!caller) {
        return refuse(std::move(pending),
                      {ErrorCode::Unauthorized, "Unauthorized: Invalid API key.", "unknown_key"});
    }
    if (caller->expires_at_ms != 0 && caller->expires_at_ms <= env().now_ms()) {
        return refuse(std::move(pending), {ErrorCode::Unauthorized,
                                           "Unauthorized: Access token expired.", "expired_key"});
    }
    const auto scope = pending->route.scope;
    pending->call.caller = std::move(caller);
    if (!scope.empty() && !has_scope(pending->call.caller->scopes, scope)) {
        auto message =
            "The provided key does not have the required permissions for this endpoint on the "
            "workspace '" +
            pending->call.workspace().workspace_id + "'. Having the '" + std::string(scope) +
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
    const auto& call = pending->call;
    const auto workspace_id = call.caller ? call.workspace().workspace_id : std::string(kOperator);
    auto step = [&call, &route = pending->route, step = std::move(work->step)](
                    Tx& tx) mutable -> Result<Answer> { return run_step(tx, call, route, step); };
    auto done = [this, pending = std::move(pending)](Result<Answer> answer) mutable {
        if (!answer) return refuse(std::move(pending), answer.error());
        pending->answer(std::move(*answer));
    };
    if (work->mode == Work::Mode::Read) {
        db_.read<Answer>(workspace_id, std::move(step), std::move(done));
    } else if (work->mode == Work::Mode::Scan) {
        db_.scan<Answer>(workspace_id, std::move(step), std::move(done));
    } else {
        db_.write<Answer>(workspace_id, std::move(step), std::move(done));
    }
}

// Answers with the error. Routes of the conversion log record it first, in a transaction of its
// own, because the refused one wrote nothing.
void Api::refuse(std::unique_ptr<Pending> pending, const Error& error) {
    Answer answer;
    static_cast<Response&>(answer) = error_response(error, pending->route.errors);
    answer.reason = error.reason;
    const bool loggable =
        pending->route.logged && pending->call.caller && error.code != ErrorCode::Unavailable;
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
