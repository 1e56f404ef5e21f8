// SPDX-License-Identifier: Apache-2.0
#include "net/io_thread.hpp"

#include <fmt/format.h>
#include <pthread.h>
#include <sched.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <exception>
#include <string>
#include <utility>

#include "base/limits.hpp"
#include "base/log.hpp"
#include "net/connection.hpp"
#include "net/refusal.hpp"
#include "net/response_bytes.hpp"

namespace hw::net {
namespace {

namespace asio = boost::asio;

constexpr auto kTuple = asio::as_tuple(asio::deferred);
constexpr int kTickMsMax = 500;
constexpr int kAcceptPauseMs = 50;  // after the process ran out of descriptors or memory

// Deadlines are kept within a quarter: coarse, so that one timer serves all connections.
int tick_ms_of(const ServerOptions& options) {
    const int shortest = std::min({options.header_deadline_ms, options.body_deadline_ms,
                                   options.idle_deadline_ms, options.write_deadline_ms});
    return std::clamp(shortest / 4, 1, kTickMsMax);
}

void pin_to_nth_cpu(int index) {
    cpu_set_t allowed;
    CPU_ZERO(&allowed);
    if (sched_getaffinity(0, sizeof(allowed), &allowed) != 0 || CPU_COUNT(&allowed) == 0) return;
    int left = index % CPU_COUNT(&allowed);
    for (std::size_t cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
        if (!CPU_ISSET(cpu, &allowed) || left-- > 0) continue;
        cpu_set_t one;
        CPU_ZERO(&one);
        CPU_SET(cpu, &one);
        pthread_setaffinity_np(pthread_self(), sizeof(one), &one);
        return;
    }
}

void bind(TcpAcceptor& acceptor, const Tcp::endpoint& endpoint, bool shared,
          boost::system::error_code& failed) {
    using ReusePort = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;
    acceptor.open(endpoint.protocol(), failed);
    if (!failed) acceptor.set_option(asio::socket_base::reuse_address(true), failed);
    if (!failed && shared) acceptor.set_option(ReusePort(true), failed);
    // Accepted sockets inherit it, which saves a system call for each.
    if (!failed) acceptor.set_option(Tcp::no_delay(true), failed);
    if (!failed) acceptor.bind(endpoint, failed);
}

}  // namespace

LiveConnection::LiveConnection(IoThread& io) : io_(io) {
    io_.add(*this);
}

LiveConnection::~LiveConnection() {  // NOLINT(bugprone-exception-escape): cancel() cannot fail
    unlink();
    io_.connection_closed();
}

void LiveConnection::arm(int deadline_ms) {
    expired_ = false;
    deadline_tick_ = io_.tick_after(deadline_ms);
}

IoThread::IoThread(ServerContext& server, Env& env)
    : server_(server), request_ids_(env), tick_ms_(tick_ms_of(server.options)) {}

// The current tick has partly passed, so one more makes sure that no deadline comes early.
std::uint64_t IoThread::tick_after(int ms) const {
    return tick_ + static_cast<std::uint64_t>((ms + tick_ms_ - 1) / tick_ms_) + 1;
}

Result<std::uint16_t> IoThread::listen(std::uint16_t port, bool first) {
    boost::system::error_code failed;
    const auto address = asio::ip::make_address(server_.options.host, failed);
    if (failed)
        return fail(ErrorCode::BadRequest,
                    fmt::format("The host \"{}\" is not an IP address. Listen for example on "
                                "127.0.0.1, 0.0.0.0 or ::.",
                                server_.options.host));
    // SO_REUSEPORT lets two servers of one user share a port without a word; a socket without it
    // finds out.
    if (first && port != 0) {
        TcpAcceptor probe(context_);
        bind(probe, {address, port}, false, failed);
    }
    if (!failed) bind(acceptor_, {address, port}, true, failed);
    if (!failed) acceptor_.listen(limits::kListenBacklog, failed);
    if (!failed) return acceptor_.local_endpoint().port();
    return fail(ErrorCode::Unavailable,
                fmt::format("Cannot listen on {} port {}: {}. Choose a free port.",
                            server_.options.host, port, failed.message()));
}

void IoThread::start(int index) {
    asio::co_spawn(context_, accept_all(), asio::detached);
    asio::co_spawn(context_, sweep_deadlines(), asio::detached);
    thread_ = std::thread([this, index] { run(index); });
}

void IoThread::run(int index) {
    if (server_.options.pin_threads) pin_to_nth_cpu(index);
    for (;;) {
        // The edge of a task: whatever escaped a connection has ended that connection alone.
        try {
            context_.run();
            return;
        } catch (const std::exception& error) {
            log(LogLevel::Error, "http_connection_failed", {{"error", error.what()}});
        }
    }
}

void IoThread::drain(int seconds) {
    asio::post(context_, [this, seconds] { begin_drain(seconds); });
}

void IoThread::join() {
    if (thread_.joinable()) thread_.join();
    ready_queue_->close();
}

void IoThread::begin_drain(int seconds) {
    draining_ = true;
    abandon_tick_ = seconds > 0 ? tick_after(seconds * 1000) : tick_;
    accept_waiting();
    boost::system::error_code ignored;
    acceptor_.close(ignored);
    for (auto& connection : connections_) {
        if (seconds == 0) {
            connection.abandon();
        } else if (connection.idle()) {
            connection.interrupt();
        } else {
            connection.finish_stream();
        }
    }
}

// Connections that the kernel has accepted already may carry requests: they are answered too.
void IoThread::accept_waiting() {
    boost::system::error_code failed;
    acceptor_.non_blocking(true, failed);
    while (!failed) {
        Tcp::endpoint peer;
        TcpSocket socket(context_);
        acceptor_.accept(socket, peer, failed);
        if (!failed) admit(std::move(socket), peer);
    }
}

void IoThread::connection_closed() {
    server_.connections_open.fetch_sub(1, std::memory_order_relaxed);
    stop_when_finished();
}

// The pending sweep is what keeps run() from returning.
void IoThread::stop_when_finished() {
    if (finished()) sweep_timer_.cancel();
}

Task<void> IoThread::accept_all() {
    Timer pause(context_);
    while (!draining_) {
        Tcp::endpoint peer;
        auto [failed, socket] = co_await acceptor_.async_accept(peer, kTuple);
        if (failed == asio::error::operation_aborted) break;
        if (!failed) {
            admit(std::move(socket), peer);
            continue;
        }
        if (failed == asio::error::connection_aborted) continue;
        log(LogLevel::Warn, "http_accept_failed", {{"error", failed.message()}});
        pause.expires_after(std::chrono::milliseconds(kAcceptPauseMs));
        co_await pause.async_wait(kTuple);
    }
    accepting_ = false;
    stop_when_finished();
}

Task<void> IoThread::sweep_deadlines() {
    while (!finished()) {
        sweep_timer_.expires_after(std::chrono::milliseconds(tick_ms_));
        co_await sweep_timer_.async_wait(kTuple);
        ++tick_;
        for (auto& connection : connections_) {
            connection.check_deadline(tick_);
            if (tick_ >= abandon_tick_) connection.abandon();
        }
    }
}

void IoThread::admit(TcpSocket socket, const Tcp::endpoint& peer) {
    ThreadCounts::add(counts.connections_accepted, 1);
    const auto open = server_.connections_open.fetch_add(1, std::memory_order_relaxed);
    if (open < server_.options.connections_max) {
        serve_connection(*this, std::move(socket), unmapped(peer.address()));
    } else {
        server_.connections_open.fetch_sub(1, std::memory_order_relaxed);
        refuse(std::move(socket));
    }
}

// Without waiting for anything: a refused connection must cost next to nothing.
void IoThread::refuse(TcpSocket socket) {
    ThreadCounts::add(counts.connections_refused, 1);
    if (server_.tls) return;
    std::string bytes;
    append_response(bytes,
                    refusal_response({503, fmt::format("The server has its most of {} connections "
                                                       "open. Try again later.",
                                                       server_.options.connections_max)}),
                    {.close = true});
    boost::system::error_code ignored;
    socket.non_blocking(true, ignored);
    socket.write_some(asio::buffer(bytes), ignored);
    socket.shutdown(Tcp::socket::shutdown_send, ignored);
}

}  // namespace hw::net
