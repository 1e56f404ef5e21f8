// SPDX-License-Identifier: Apache-2.0
// A server for the tests of net/: answers "METHOD target [body]", or whatever service it is given.
#pragma once

#include <atomic>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <utility>

#include "net/server.hpp"
#include "tests/raw_http.hpp"

namespace hw {

// Repeats from run to run.
class CountingEnv final : public Env {
  public:
    std::int64_t now_ms() override { return 1'700'000'000'000; }
    std::uint64_t random_64() override { return next_.fetch_add(0x9E3779B97F4A7C15); }

  private:
    std::atomic<std::uint64_t> next_ = 1;
};

inline Response text_response(std::string body) {
    return {.status = 200, .body = std::move(body), .content_type = "text/plain", .headers = {}};
}

inline std::string echo_text(const Request& request) {
    std::string text = std::string(request.method) + " " + std::string(request.path);
    if (!request.query.empty()) text += "?" + std::string(request.query);
    if (!request.body.empty()) text += " [" + std::string(request.body) + "]";
    return text;
}

inline void echo(const Request& request, Reply reply) {
    reply(text_response(echo_text(request)));
}

class RunningServer {
  public:
    explicit RunningServer(ServerOptions options = {}, Service service = echo)
        : server_(std::move(options), std::move(service), env_) {
        const auto started = server_.start();
        if (!started.has_value()) throw std::runtime_error(started.error().message);
    }

    Server& operator*() { return server_; }
    Server* operator->() { return &server_; }
    RawClient client() const { return RawClient(server_.port()); }

  private:
    CountingEnv env_;
    Server server_;
};

}  // namespace hw
