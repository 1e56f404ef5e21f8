// SPDX-License-Identifier: Apache-2.0
// The HTTP server: sockets on one side, a Service on the other. Each I/O thread has its own
// io_context and its own listening socket (SO_REUSEPORT), so threads share nothing on the hot path.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "api/http.hpp"
#include "base/env.hpp"
#include "base/error.hpp"
#include "base/limits.hpp"

namespace hw {

struct ServerOptions {
    std::string host = "127.0.0.1";  // an IPv4 or IPv6 address to listen on
    std::uint16_t port = 0;          // 0: any free one
    int threads = 1;
    bool pin_threads = false;  // thread i runs on the i-th CPU that the process may use
    std::vector<std::string> trusted_proxies{};  // addresses or networks: "10.0.0.0/8", "::1"
    std::string tls_certificate_path{};          // both or none
    std::string tls_key_path{};
    int drain_seconds = limits::kDrainSecondsMax;  // at most kDrainSecondsMax
    std::size_t connections_max = limits::kConnectionsMax;
    BodyLimit body_limit{};  // without one, kBodyBytesMax holds for every path
    int header_deadline_ms = limits::kHeaderDeadlineSeconds * 1000;
    int body_deadline_ms = limits::kBodyDeadlineSeconds * 1000;
    int idle_deadline_ms = limits::kIdleDeadlineSeconds * 1000;
    int write_deadline_ms = limits::kWriteDeadlineSeconds * 1000;
};

// Since start().
struct ServerCounts {
    std::uint64_t connections_open = 0;
    std::uint64_t connections_accepted = 0;
    std::uint64_t connections_refused = 0;     // above connections_max
    std::array<std::uint64_t, 6> responses{};  // by status / 100
    std::uint64_t bytes_received = 0;
    std::uint64_t bytes_sent = 0;
};

class Server {
  public:
    // `service` is called on all I/O threads at once. `env` is used by start() only.
    Server(ServerOptions options, Service service, Env& env);
    ~Server();  // without drain(): closes everything at once
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    // Listens and starts the threads. An address in use or a bad option is an Error.
    [[nodiscard]] Result<void> start();

    std::uint16_t port() const;  // after start()
    ServerCounts counts() const;

    // Stops accepting, closes idle connections, answers what is in flight with "Connection:
    // close", and returns when all is done or drain_seconds have passed. Not from an I/O thread.
    // A Reply that is called later, even after ~Server, is harmless.
    void drain();

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace hw
