// SPDX-License-Identifier: Apache-2.0
// Reads the head of a request, strictly: whatever two readers could understand in two ways is
// refused (request smuggling lives there). Pure functions over bytes; the sockets are elsewhere.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "api/http.hpp"
#include "base/limits.hpp"
#include "net/refusal.hpp"

namespace hw::net {

// Finds the end of a head that arrives in pieces, and refuses at once what can only become wrong.
class HeadScanner {
  public:
    // Size of the head with its blank line, 0 while it is incomplete. `bytes` always starts at the
    // same byte; what earlier calls saw is not looked at again.
    Parsed<std::size_t> scan(std::string_view bytes);

  private:
    std::size_t line_start_ = 0;
    std::size_t seen_ = 0;
    bool in_request_line_ = true;
};

// Every view points into the bytes that parse_head was given.
struct RequestHead {
    std::string_view method;
    std::string_view path;
    std::string_view query;
    std::string_view host;  // without port and final dot, in the caller's case; may be empty
    std::vector<Header> headers;
    std::uint64_t content_length = 0;
    std::size_t body_bytes_max = limits::kBodyBytesMax;
    bool chunked = false;
    bool keep_alive = true;
    bool http_1_0 = false;
    bool expects_continue = false;

    bool has_body() const { return chunked || content_length > 0; }
};

// `bytes` is what HeadScanner found to be a complete head. `head` is overwritten.
Parsed<void> parse_head(std::string_view bytes, RequestHead& head,
                        const BodyLimit& body_limit = {});

// "name: value" without its line end. Used for heads and for trailers.
Parsed<Header> parse_header_line(std::string_view line);

// The host of `authority` without port and final dot; empty when it is not a valid host[:port].
std::string_view host_of_authority(std::string_view authority);

}  // namespace hw::net
