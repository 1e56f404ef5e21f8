// SPDX-License-Identifier: Apache-2.0
// Everything between a request and its answer: routing by Host, authentication, the conversion log,
// short-link redirects. Lives as long as the server.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/caches.hpp"
#include "api/call.hpp"
#include "api/http.hpp"
#include "api/live_events.hpp"
#include "api/page_view_queue.hpp"
#include "api/rate_limiter.hpp"
#include "api/routes.hpp"
#include "api/visitor.hpp"
#include "core/webhook_url.hpp"
#include "store/db.hpp"

namespace hw {

class DnsResolver;
class Metrics;
class PageSource;
class PaymentProvider;

struct ApiOptions {
    // Hosts that serve the API. A host that is a workspace's short domain and not listed here
    // serves redirects alone; one that is both (the demo) serves API paths first.
    std::vector<std::string> app_hosts{"localhost", "127.0.0.1", "[::1]"};
    std::string public_url;  // where browsers reach this server, for avatar and setup addresses
    VisitorOptions visitor{};
    RateLimits rate_limits{};
    bool strict_revenue = false;  // revenue events must name a visitor and a session
    // On a server with one workspace, payment webhooks that no signature vouches for count.
    bool accept_unverified_hooks = false;
    LiveOptions live{};
    WebhookUrlRules webhook_urls{};
    DnsResolver* resolver = nullptr;                  // for proofs of domains; outlives the Api
    std::vector<const PaymentProvider*> providers{};  // whose webhooks are taken
    PageSource* pages = nullptr;                      // for /links/metatags; outlives the Api
};

class Api {
  public:
    Api(Db& db, Caches& caches, Metrics& metrics, ApiOptions options);

    // The Service of net/.
    void handle(const Request& request, Reply reply);

    // The workspace, from the cache or the database; an Error only when that does not answer.
    using FoundWorkspace = std::move_only_function<void(Result<std::shared_ptr<const Workspace>>)>;
    void look_up_workspace(const std::string& workspace_id, FoundWorkspace found);

    // Counts a delivery to a payment connection.
    RateVerdict count_hook(std::string_view connection_id);

    // No new work is wanted: /readyz says so, so that load balancers look elsewhere.
    void drain() { draining_ = true; }

    Db& db() { return db_; }
    Env& env() { return db_.env(); }
    Caches& caches() { return caches_; }
    Metrics& metrics() { return metrics_; }
    const ApiOptions& options() const { return options_; }
    Visitors& visitors() { return visitors_; }
    PageViewQueue& page_views() { return page_views_; }
    bool ready() const { return !draining_ && db_.healthy(); }

  private:
    struct Pending;

    void handle_route(const RouteMatch& match, const Request& request, Reply reply);
    void handle_direct(const Route& route, const Request& request, Reply reply);
    void visit(const Request& request, std::shared_ptr<const Domain> domain, Reply reply);
    bool count(Pending& pending, RateClass rate_class, std::string_view who);
    void authenticate(std::unique_ptr<Pending> pending);
    void admit(std::unique_ptr<Pending> pending, std::shared_ptr<const Caller> caller);
    void run(std::unique_ptr<Pending> pending);
    void submit(std::unique_ptr<Pending> pending, Work&& work);
    void run_in_turns(std::unique_ptr<Pending> pending, std::shared_ptr<Work> work);
    void refuse(std::unique_ptr<Pending> pending, const Error& error);

    Db& db_;
    Caches& caches_;
    Metrics& metrics_;
    ApiOptions options_;
    Visitors visitors_;
    PageViewQueue page_views_;
    RateLimiter rate_limiter_;
    LiveEvents live_;
    std::atomic<bool> draining_{false};
};

}  // namespace hw
