// SPDX-License-Identifier: Apache-2.0
// Every outbound request of the server, over libcurl. Connects to public addresses alone, checked
// when the socket is opened: whatever the name resolved to before does not matter.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/http_client.hpp"
#include "base/ip.hpp"

namespace hw {

struct HttpClientOptions {
    // Private addresses that the operator allows, on any port.
    std::vector<AddressRange> allowed_ranges{};
    // Ports of public addresses. Others would make a port scanner of this server.
    std::vector<std::uint16_t> public_ports{80, 443, 8080, 8443};
    int connect_timeout_ms = 5'000;
    std::string user_agent = "Headwater";
    std::string ca_path{};  // PEM file of authorities in place of the system's; empty: the system's
    // Asked before each request, in place of the DNS: "host:port:address[,address]" for each name
    // (CURLOPT_RESOLVE). For tests.
    std::function<std::vector<std::string>()> hosts{};
};

struct HttpClientStats {
    std::atomic<std::int64_t> answers{0};   // in any status
    std::atomic<std::int64_t> failures{0};  // none came
    std::atomic<std::int64_t> refused{0};   // the address is not allowed
    std::atomic<std::int64_t> milliseconds{0};
};

class CurlHttpClient final : public HttpClient {
  public:
    explicit CurlHttpClient(HttpClientOptions options = {});
    ~CurlHttpClient() override;
    CurlHttpClient(const CurlHttpClient&) = delete;
    CurlHttpClient& operator=(const CurlHttpClient&) = delete;

    Result<HttpResponse> send(const HttpRequest& request) override;

    const HttpClientStats& stats() const { return stats_; }

  private:
    struct Handles;
    Result<HttpResponse> exchange_with(const HttpRequest& request);

    HttpClientOptions options_;
    HttpClientStats stats_;
    std::unique_ptr<Handles> handles_;
};

}  // namespace hw
