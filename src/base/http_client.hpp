// SPDX-License-Identifier: Apache-2.0
// Outbound HTTP as everyone but net/ sees it: one request, one answer, no redirects followed.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.hpp"

namespace hw {

using HttpHeaders = std::vector<std::pair<std::string, std::string>>;

struct HttpRequest {
    std::string method = "GET";
    std::string url;
    HttpHeaders headers{};
    std::string body{};
    int timeout_ms = 10'000;  // from the look-up of the name to the last byte
    std::size_t max_response_bytes = std::size_t{64} * 1024;
    bool cut_response = false;  // a longer body is cut there instead of refused
};

struct HttpResponse {
    int status = 0;
    HttpHeaders headers{};  // names in lower case, in the order received
    std::string body{};

    // The first header of that lower-case name; empty when absent.
    std::string_view header(std::string_view name) const {
        for (const auto& [key, value] : headers) {
            if (key == name) return value;
        }
        return {};
    }
};

class HttpClient {
  public:
    virtual ~HttpClient() = default;

    // Any status is an answer. An Error means that there was none; its code is Unavailable when the
    // same request may succeed later, and its reason one of:
    //   Unavailable: timeout, host_not_found, connection_failed, tls_failed
    //   else:        bad_request, address_refused, response_too_large
    // Blocks, at most for timeout_ms. Thread-safe.
    virtual Result<HttpResponse> send(const HttpRequest& request) = 0;
};

}  // namespace hw
