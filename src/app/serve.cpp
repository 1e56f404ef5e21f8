// SPDX-License-Identifier: Apache-2.0
#include "app/serve.hpp"

#include <fmt/format.h>
#include <pthread.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <map>
#include <thread>

#include "api/event_payloads.hpp"
#include "api/metrics.hpp"
#include "api/routes.hpp"
#include "app/commands.hpp"
#include "app/exit_code.hpp"
#include "app/listen_address.hpp"
#include "app/system_env.hpp"
#include "base/ip.hpp"
#include "base/log.hpp"
#include "connectors/lemon_squeezy/lemon_squeezy_provider.hpp"
#include "connectors/paddle/paddle_provider.hpp"
#include "connectors/polar/polar_provider.hpp"
#include "connectors/shopify/shopify_provider.hpp"
#include "connectors/stripe/stripe_provider.hpp"
#include "core/decide_quarantine.hpp"
#include "core/record_clicks.hpp"
#include "jobs/runner.hpp"
#include "net/exchange.hpp"
#include "net/http_client.hpp"
#include "net/page_fetcher.hpp"
#include "store/migrate.hpp"

namespace hw {
namespace {

// Signals go to the one thread that waits for them; every thread made later inherits the mask.
sigset_t block_signals() {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
    return signals;
}

// The disk failed a write that had been promised. Anything acknowledged after it could be lost, so
// the process ends without a word to anybody.
[[noreturn]] void stop_at_once(const std::string& why) {
    log(LogLevel::Error, "disk_failed", {{"what", why}});
    _exit(exit_code::kDiskFailed);
}

void watch(Metrics& metrics, const Db& db, const Server& server) {
    metrics.watch(db.stats());
    metrics.watch("connections_open", "Open connections.",
                  [&] { return static_cast<std::int64_t>(server.counts().connections_open); });
    metrics.watch("connections_refused_total", "Connections above the limit.",
                  [&] { return static_cast<std::int64_t>(server.counts().connections_refused); });
}

constexpr auto kFooter =
    "The database is made or brought to this version first. SIGTERM and Ctrl-C let what is under "
    "way finish. Each option is also HEADWATER_<OPTION> in the environment and a line in the file "
    "of `headwater --config FILE serve`.\n\n"
    "Example:\n"
    "  headwater serve --listen 0.0.0.0:8080 --public-url https://go.example.com \\\n"
    "      --app-host api.example.com --database postgres://headwater@db.example.com/headwater\n\n"
    "Exit codes: 0 stopped; 1 cannot listen there; 2 wrong command line; 69 the database does not "
    "answer; 74 the disk failed; 78 the database is newer than this headwater.";

void watch(Metrics& metrics, const JobRunner& jobs) {
    struct Figure {
        const char* name;
        const char* help;
        const std::atomic<std::int64_t>& value;
    };
    const auto& stats = jobs.stats();
    const Figure figures[] = {
        {"jobs_attempts_total", "Attempts of background jobs that this node began.",
         stats.attempts},
        {"jobs_done_total", "Background jobs done.", stats.done},
        {"jobs_retried_total", "Attempts of background jobs that will be made again.",
         stats.retried},
        {"jobs_snoozed_total", "Background jobs put off without an attempt.", stats.snoozed},
        {"jobs_dead_total", "Background jobs given up.", stats.dead},
        {"jobs_leases_lost_total", "Attempts whose job another worker had taken over meanwhile.",
         stats.leases_lost},
        {"jobs_breaker_opens_total", "Destinations that were let alone after failures in a row.",
         stats.breaker_opens},
        {"jobs_depth_ready",
         "Jobs that may be attempted, of the whole database; up to 100000 are counted.",
         stats.depth_ready},
        {"jobs_depth_waiting", "Jobs that wait for their time, likewise.", stats.depth_waiting},
        {"jobs_depth_running", "Jobs under way on any node.", stats.depth_running},
        {"jobs_depth_blocked", "Jobs behind another of their order, likewise.",
         stats.depth_blocked},
        {"jobs_depth_dead", "Jobs given up that nobody has retried or discarded yet.",
         stats.depth_dead},
        {"jobs_oldest_ready_age_ms", "For how long the oldest job could have been attempted.",
         stats.oldest_ready_age_ms},
    };
    for (const auto& figure : figures) {
        metrics.watch(figure.name, figure.help, [&value = figure.value] { return value.load(); });
    }
}

std::int64_t steady_ms() {
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

void watch(Metrics& metrics, const CurlHttpClient& client) {
    const auto& stats = client.stats();
    metrics.watch("outbound_answers_total", "Outbound requests that were answered, in any status.",
                  [&] { return stats.answers.load(); });
    metrics.watch("outbound_failures_total", "Outbound requests that had no answer.",
                  [&] { return stats.failures.load(); });
    metrics.watch("outbound_refused_total", "Outbound requests to addresses that are not allowed.",
                  [&] { return stats.refused.load(); });
    metrics.watch("outbound_milliseconds_total", "Time that outbound requests took, in all.",
                  [&] { return stats.milliseconds.load(); });
}

bool has_role(const ServeOptions& options, std::string_view role) {
    return std::ranges::find(options.roles, role) != options.roles.end();
}

// A connection is a file; the soft limit of a shell is far below kConnectionsMax.
void raise_open_files_limit() {
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

Result<std::vector<AddressRange>> parse_ranges(const std::vector<std::string>& texts) {
    std::vector<AddressRange> ranges;
    for (const auto& text : texts) {
        const auto range = AddressRange::parse(text);
        if (!range) {
            return fail(ErrorCode::BadRequest,
                        fmt::format("--allow-private '{}' is no address or network: write for "
                                    "example 10.0.0.0/8",
                                    text));
        }
        ranges.push_back(*range);
    }
    return ranges;
}

LogLevel log_level_of(const std::string& name) {
    if (name == "debug") return LogLevel::Debug;
    if (name == "warn") return LogLevel::Warn;
    return name == "error" ? LogLevel::Error : LogLevel::Info;
}

// How browsers reach this server, and what it may know of them.
void add_visitor_options(CLI::App& command, const std::shared_ptr<ServeOptions>& options) {
    command
        .add_option("--app-host", options->api.app_hosts,
                    "Host names that serve the API (short domains serve redirects)")
        ->delimiter(',')
        ->envname("HEADWATER_APP_HOST");
    command
        .add_option("--public-url", options->api.public_url,
                    "Where browsers reach this server, for example https://go.example.com")
        ->envname("HEADWATER_PUBLIC_URL");
    command
        .add_option("--geo-database", options->api.visitor.geo_database,
                    "MaxMind file for countries and cities")
        ->envname("HEADWATER_GEO_DATABASE");
    command.add_option("--geo-country-header", options->api.visitor.geo_country_header,
                       "Header of your proxy with the visitor's country code");
    const std::map<std::string, PrivacySignals> signals{{"ignore", PrivacySignals::Ignore},
                                                        {"gpc", PrivacySignals::HonorGpc},
                                                        {"all", PrivacySignals::HonorAll}};
    command
        .add_option("--privacy-signals", options->api.visitor.privacy_signals,
                    "Browsers whose page views count without a visitor: those that send Sec-GPC "
                    "(gpc), DNT as well (all), or none (ignore)")
        ->transform(CLI::CheckedTransformer(signals))
        ->envname("HEADWATER_PRIVACY_SIGNALS");
    command
        .add_option("--page-view-days", options->page_view_days,
                    "Days for which page views and sessions are kept; sales keep their evidence")
        ->check(CLI::Range(std::int64_t{1}, limits::kPageViewDaysMax))
        ->envname("HEADWATER_PAGE_VIEW_DAYS")
        ->capture_default_str();
    command
        .add_flag("--strict-revenue", options->api.strict_revenue,
                  "Refuse revenue events that name no visitor or no session")
        ->envname("HEADWATER_STRICT_REVENUE");
}

// Refusing what nobody vouches for is the safe way; a server of one workspace may choose another.
void add_hook_options(CLI::App& command, const std::shared_ptr<ServeOptions>& options) {
    command
        .add_option_function<std::string>(
            "--hooks-accept-unverified",
            [options](const std::string& when) {
                options->api.accept_unverified_hooks = when == "single_workspace";
            },
            "single_workspace: as long as this server has exactly one workspace, payment webhooks "
            "whose signature is missing or made by no secret count all the same, so whoever knows "
            "the address can tell sales; off: they wait in quarantine")
        ->check(CLI::IsMember({"off", "single_workspace"}))
        ->default_str("off")
        ->envname("HEADWATER_HOOKS_ACCEPT_UNVERIFIED");
}

void warn_of_unverified_hooks(Db& db) {
    const auto single = db.read_now<bool>(
        std::string(kOperator), [](Tx& tx) -> Result<bool> { return has_single_workspace(tx); });
    if (!single) return;
    log(LogLevel::Warn, "hooks_accept_unverified",
        {{"what", *single ? "payment webhooks without a good signature count: whoever knows their "
                            "address can tell sales"
                          : "this server does not have exactly one workspace, so payment webhooks "
                            "without a good signature stay in quarantine all the same"}});
}

// Each node counts for itself, in memory of a fixed size.
void add_rate_options(CLI::App& command, const std::shared_ptr<ServeOptions>& options) {
    auto& limits = options->api.rate_limits;
    struct Row {
        const char* name;
        std::int64_t& limit;
        const char* about;
        const char* env;
    };
    const Row rows[] = {
        {"--rate-limit-key", limits.key, "Requests a minute of one secret key; 0: any number",
         "HEADWATER_RATE_LIMIT_KEY"},
        {"--rate-limit-track", limits.track_key, "The same on /track/lead and /track/sale",
         "HEADWATER_RATE_LIMIT_TRACK"},
        {"--rate-limit-analytics", limits.analytics,
         "Requests a second of one secret key on /analytics and /events; 0: any number",
         "HEADWATER_RATE_LIMIT_ANALYTICS"},
        {"--rate-limit-publishable", limits.publishable,
         "Requests a minute of one publishable key; 0: any number",
         "HEADWATER_RATE_LIMIT_PUBLISHABLE"},
        {"--rate-limit-address", limits.address,
         "Requests a minute without a known key from one IP address (IPv6: one /64); 0: any "
         "number. Behind a proxy this needs --trusted-proxy",
         "HEADWATER_RATE_LIMIT_ADDRESS"},
        {"--rate-limit-hook", limits.hook,
         "Deliveries a minute to one payment connection; 0: any number",
         "HEADWATER_RATE_LIMIT_HOOK"},
        {"--rate-limit-redirect", limits.redirect,
         "Visits of short links a minute from one IP address; 0: any number",
         "HEADWATER_RATE_LIMIT_REDIRECT"},
        {"--rate-limit-ingest", limits.ingest,
         "Requests an hour to /api/ingest from one IP address; 0: any number",
         "HEADWATER_RATE_LIMIT_INGEST"},
    };
    constexpr std::int64_t kMost = 1'000'000'000;
    for (const auto& row : rows) {
        command.add_option(row.name, row.limit, row.about)
            ->check(CLI::Range(std::int64_t{0}, kMost))
            ->envname(row.env)
            ->capture_default_str();
    }
}

// Where browsers reach this server, as events tell it.
std::string server_url(const ServeOptions& options) {
    if (!options.api.public_url.empty()) return options.api.public_url;
    return fmt::format("http://{}:{}", options.server.host, options.server.port);
}

struct Processors {
    std::vector<const PaymentProvider*> all() const {
        return {&stripe, &lemon_squeezy, &paddle, &polar, &shopify};
    }

    StripeProvider stripe;
    LemonSqueezyProvider lemon_squeezy;
    PaddleProvider paddle;
    PolarProvider polar;
    ShopifyProvider shopify;
};

// Told of new jobs, which there may be before anybody runs them.
using Runner = std::atomic<JobRunner*>;

DbOptions db_options(const ServeOptions& options, Caches& caches, EventPayloads& payloads,
                     Runner& runner) {
    return {.url = options.database,
            .writers = options.writers,
            .readers = options.readers,
            .record_clicks = record_clicks,
            .for_load = true,
            .async_clicks = options.async_clicks,
            .on_broken = stop_at_once,
            .around_answers = net::deliver_together,
            .payloads = &payloads,
            .on_invalidate = [&](std::string_view name) { caches.invalidate(name); },
            .on_jobs =
                [&] {
                    if (auto* const jobs = runner.load()) jobs->nudge();
                }};
}

void wait_for(const sigset_t& signals) {
    int signal = 0;
    sigwait(&signals, &signal);
    log(LogLevel::Info, "draining", {{"signal", std::int64_t{signal}}});
}

int wrong_usage(const Error& error) {
    fmt::print(stderr, "headwater: {}\n", error.message);
    return exit_code::kUsage;
}

}  // namespace

int serve(ServeOptions options, const std::function<void(Db&, const std::string&)>& started) {
    set_log_level(log_level_of(options.log_level));
    const auto address = parse_listen(options.listen);
    if (!address) return wrong_usage(address.error());
    const auto allowed = parse_ranges(options.allowed_private);
    if (!allowed) return wrong_usage(allowed.error());
    if (const auto good = SystemDnsResolver::check(options.dns); !good) {
        return wrong_usage(good.error());
    }
    options.server.host = address->host;
    options.server.port = address->port;
    options.server.body_limit = body_bytes_max;
    const auto signals = block_signals();

    migrate(options.database);
    SystemEnv env;
    Caches caches;
    JsonEventPayloads payloads(server_url(options));
    Runner runner = nullptr;
    Db db(db_options(options, caches, payloads, runner), env);
    if (options.api.accept_unverified_hooks) warn_of_unverified_hooks(db);
    Metrics metrics;
    SystemDnsResolver resolver(options.dns);
    options.api.resolver = &resolver;
    CurlHttpClient http_client({.allowed_ranges = *allowed});
    PageFetcher pages(http_client);
    options.api.pages = &pages;
    const Processors processors;
    options.api.providers = processors.all();
    options.api.webhook_urls.allowed_ranges = *allowed;
    Api api(db, caches, metrics, options.api);
    Server server(
        options.server,
        [&](const Request& request, Reply reply) { api.handle(request, std::move(reply)); }, env);
    watch(metrics, db, server);
    watch(metrics, http_client);
    raise_open_files_limit();
    if (has_role(options, "http")) {
        if (const auto listening = server.start(); !listening) {
            fmt::print(stderr, "headwater: {}\n", listening.error().message);
            return exit_code::kFailed;
        }
    }
    const auto where =
        fmt::format("http{}://{}:{}", options.server.tls_certificate_path.empty() ? "" : "s",
                    options.server.host, has_role(options, "http") ? server.port() : 0);
    JobRunner jobs(db, http_client,
                   {.providers = options.api.providers,
                    .public_url = options.api.public_url.empty() ? where : options.api.public_url,
                    .page_view_days = options.page_view_days,
                    .steady_ms = steady_ms});
    watch(metrics, jobs);
    if (has_role(options, "jobs")) {
        jobs.start();
        runner = &jobs;
    }
    log(LogLevel::Info, "listening", {{"address", where}});
    if (started) started(db, where);

    wait_for(signals);
    api.drain();
    server.drain();
    resolver.stop();
    pages.stop();
    runner = nullptr;
    jobs.stop();
    db.stop();
    log(LogLevel::Info, "stopped");
    return exit_code::kOk;
}

void add_serve(CLI::App& app, Invocation& invocation) {
    auto* command = app.add_subcommand("serve", "Run the server until SIGTERM, then drain it.");
    add_database_option(*command);
    command->footer(kFooter);
    const auto options = std::make_shared<ServeOptions>();
    options->server.threads = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
    command->add_option("--listen", options->listen, "HOST:PORT to listen on")
        ->envname("HEADWATER_LISTEN")
        ->capture_default_str();
    command->add_option("--roles", options->roles, "What this node does: http, jobs")
        ->delimiter(',')
        ->check(CLI::IsMember({"http", "jobs"}))
        ->envname("HEADWATER_ROLES");
    command->add_option("--threads", options->server.threads, "I/O threads")
        ->check(CLI::Range(1, 256))
        ->envname("HEADWATER_THREADS")
        ->capture_default_str();
    command->add_flag("--pin-threads", options->server.pin_threads, "One CPU for each I/O thread");
    command
        ->add_option("--trusted-proxy", options->server.trusted_proxies,
                     "Address or network whose X-Forwarded-* headers count")
        ->delimiter(',');
    command->add_option("--tls-certificate", options->server.tls_certificate_path,
                        "PEM file; with --tls-key serves HTTPS");
    command->add_option("--tls-key", options->server.tls_key_path, "PEM file");
    add_visitor_options(*command, options);
    add_rate_options(*command, options);
    add_hook_options(*command, options);
    command
        ->add_option("--resolver", options->dns.server,
                     "Name server for proofs of domains, IP:PORT (IPv4); else /etc/resolv.conf")
        ->envname("HEADWATER_RESOLVER");
    command->add_option("--writers", options->writers, "PostgreSQL connections for use cases")
        ->check(CLI::Range(1, 256))
        ->capture_default_str();
    command->add_option("--readers", options->readers, "Database connections for reads")
        ->check(CLI::Range(1, 256))
        ->capture_default_str();
    command
        ->add_option(
            "--click-durability",
            [options](const CLI::results_t& values) {
                options->async_clicks = values.at(0) == "async";
                return true;
            },
            "durable: a redirect waits for its click's commit; async: it does not, and a "
            "crash loses at most 16384 clicks (headwater_clicks_lost_total)")
        ->check(CLI::IsMember({"durable", "async"}))
        ->default_str("durable");
    command
        ->add_option("--allow-private", options->allowed_private,
                     "Private networks that outbound requests may reach; none by default")
        ->delimiter(',')
        ->envname("HEADWATER_ALLOW_PRIVATE");
    command->add_option("--log-level", options->log_level, "debug, info, warn, error")
        ->check(CLI::IsMember({"debug", "info", "warn", "error"}))
        ->envname("HEADWATER_LOG_LEVEL");
    command->callback([options, &invocation] {
        invocation.run = [options, &invocation] {
            options->database = invocation.database;
            return serve(*options, {});
        };
    });
}

}  // namespace hw
