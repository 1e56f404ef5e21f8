// SPDX-License-Identifier: Apache-2.0
// One I/O thread of the server: its io_context, its listening socket, its connections and the one
// timer that watches all their deadlines.
#pragma once

#include <array>
#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/intrusive/list.hpp>
#include <cstdint>
#include <memory>
#include <thread>

#include "api/http.hpp"
#include "base/env.hpp"
#include "base/error.hpp"
#include "net/exchange.hpp"
#include "net/forwarded.hpp"
#include "net/request_id.hpp"
#include "net/server.hpp"

namespace hw::net {

// The concrete executor: the type-erased default costs an indirection for each operation.
using Executor = boost::asio::io_context::executor_type;
using Tcp = boost::asio::ip::tcp;
using TcpSocket = boost::asio::basic_stream_socket<Tcp, Executor>;
using TcpAcceptor = boost::asio::basic_socket_acceptor<Tcp, Executor>;
using Timer = boost::asio::steady_timer::rebind_executor<Executor>::other;
template <class T>
using Task = boost::asio::awaitable<T, Executor>;

// What all I/O threads share.
struct ServerContext {
    ServerOptions options;
    Service service;
    TrustedProxies proxies{};
    std::unique_ptr<boost::asio::ssl::context> tls{};  // null: plain HTTP
    std::atomic<std::size_t> connections_open = 0;
};

// Written by one thread, read by any.
struct ThreadCounts {
    using Count = std::atomic<std::uint64_t>;
    Count connections_accepted = 0;
    Count connections_refused = 0;
    std::array<Count, 6> responses{};
    Count bytes_received = 0;
    Count bytes_sent = 0;

    // Cheaper than fetch_add, which a single writer does not need.
    static void add(Count& count, std::uint64_t n) {
        count.store(count.load(std::memory_order_relaxed) + n, std::memory_order_relaxed);
    }
};

class IoThread;

// What the thread knows of a connection. It registers itself for as long as it lives.
class LiveConnection : public boost::intrusive::list_base_hook<
                           boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
  public:
    explicit LiveConnection(IoThread& io);
    virtual ~LiveConnection();
    LiveConnection(const LiveConnection&) = delete;
    LiveConnection& operator=(const LiveConnection&) = delete;

    // Ends the pending socket operation, if any, with an error that arrives later.
    virtual void interrupt() = 0;
    // The same, and a connection that waits for its answer gives up.
    virtual void abandon() = 0;
    // A streamed answer without an end of its own ends.
    virtual void finish_stream() = 0;

    bool idle() const { return idle_; }
    void check_deadline(std::uint64_t tick) {
        if (tick < deadline_tick_) return;
        disarm();
        expired_ = true;
        interrupt();
    }

  protected:
    void arm(int deadline_ms);
    void disarm() { deadline_tick_ = kNever; }

    IoThread& io_;
    bool idle_ = false;     // between requests, nothing received
    bool expired_ = false;  // the deadline that was armed last has passed

  private:
    static constexpr std::uint64_t kNever = ~std::uint64_t{0};
    std::uint64_t deadline_tick_ = kNever;
};

class IoThread {
  public:
    IoThread(ServerContext& server, Env& env);

    // The port that was bound. `first`: of the threads that will share the port.
    Result<std::uint16_t> listen(std::uint16_t port, bool first);
    void start(int index);
    void drain(int seconds);  // from any thread; 0 closes everything at the next tick
    void join();

    // For the connections of this thread.
    ServerContext& server() { return server_; }
    boost::asio::io_context& context() { return context_; }
    const std::shared_ptr<ReadyQueue>& ready_queue() { return ready_queue_; }
    RequestIds& request_ids() { return request_ids_; }
    bool draining() const { return draining_; }
    std::uint64_t tick_after(int ms) const;
    void add(LiveConnection& connection) { connections_.push_back(connection); }
    void connection_closed();

    ThreadCounts counts;

  private:
    Task<void> accept_all();
    Task<void> sweep_deadlines();
    void admit(TcpSocket socket, const Tcp::endpoint& peer);
    void refuse(TcpSocket socket);
    void begin_drain(int seconds);
    void accept_waiting();
    void run(int index);
    bool finished() const { return draining_ && !accepting_ && connections_.empty(); }
    void stop_when_finished();

    ServerContext& server_;
    boost::asio::io_context context_{1};
    std::shared_ptr<ReadyQueue> ready_queue_ = std::make_shared<ReadyQueue>(context_);
    TcpAcceptor acceptor_{context_};
    Timer sweep_timer_{context_};
    RequestIds request_ids_;
    // Before context_ ends, every connection has ended: run() returns only then.
    boost::intrusive::list<LiveConnection, boost::intrusive::constant_time_size<false>>
        connections_;
    int tick_ms_;
    std::uint64_t tick_ = 0;
    std::uint64_t abandon_tick_ = ~std::uint64_t{0};
    bool draining_ = false;
    bool accepting_ = true;
    std::thread thread_;
};

}  // namespace hw::net
