// SPDX-License-Identifier: Apache-2.0
#include "net/server.hpp"

#include <algorithm>
#include <mutex>
#include <utility>

#include "net/io_thread.hpp"
#include "net/tls.hpp"

namespace hw {

struct Server::State {
    State(ServerOptions options, Service service, Env& random)
        : context{.options = std::move(options), .service = std::move(service)}, env(random) {}

    net::ServerContext context;
    Env& env;
    std::vector<std::unique_ptr<net::IoThread>> threads;
    std::uint16_t port = 0;
    std::once_flag drained;

    void drain(int seconds) {
        for (auto& thread : threads) thread->drain(seconds);
        for (auto& thread : threads) thread->join();
    }
};

Server::Server(ServerOptions options, Service service, Env& env)
    : state_(std::make_unique<State>(std::move(options), std::move(service), env)) {}

Server::~Server() {
    std::call_once(state_->drained, [&] { state_->drain(0); });
}

Result<void> Server::start() {
    auto& context = state_->context;
    const auto& options = context.options;
    context.proxies = HW_TRY(net::TrustedProxies::parse(options.trusted_proxies));
    if (options.tls_certificate_path.empty() != options.tls_key_path.empty())
        return fail(ErrorCode::BadRequest,
                    "TLS needs a certificate and a key. Give both paths, or none.");
    if (!options.tls_key_path.empty())
        context.tls =
            HW_TRY(net::make_tls_context(options.tls_certificate_path, options.tls_key_path));
    std::vector<std::unique_ptr<net::IoThread>> threads;
    std::uint16_t port = options.port;
    for (int i = 0; i < std::max(options.threads, 1); ++i) {
        threads.push_back(std::make_unique<net::IoThread>(context, state_->env));
        port = HW_TRY(threads.back()->listen(port, i == 0));
    }
    state_->port = port;
    state_->threads = std::move(threads);
    for (int i = 0; auto& thread : state_->threads) thread->start(i++);
    return {};
}

std::uint16_t Server::port() const {
    return state_->port;
}

ServerCounts Server::counts() const {
    ServerCounts sum;
    sum.connections_open = state_->context.connections_open.load(std::memory_order_relaxed);
    for (const auto& thread : state_->threads) {
        const auto& counts = thread->counts;
        sum.connections_accepted += counts.connections_accepted.load(std::memory_order_relaxed);
        sum.connections_refused += counts.connections_refused.load(std::memory_order_relaxed);
        sum.bytes_received += counts.bytes_received.load(std::memory_order_relaxed);
        sum.bytes_sent += counts.bytes_sent.load(std::memory_order_relaxed);
        for (std::size_t i = 0; i < sum.responses.size(); ++i)
            sum.responses[i] += counts.responses[i].load(std::memory_order_relaxed);
    }
    return sum;
}

void Server::drain() {
    std::call_once(state_->drained, [&] {
        state_->drain(
            std::clamp(state_->context.options.drain_seconds, 0, limits::kDrainSecondsMax));
    });
}

}  // namespace hw
