// SPDX-License-Identifier: Apache-2.0
// HTTP as the api sees it: no sockets, no library types. net/ makes Requests and sends Responses.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hw {

struct Header {
    std::string_view name;  // as received; compare without case
    std::string_view value;
};

// One request. Every view stays valid until its Reply was called.
struct Request {
    std::string_view method;  // "GET", upper case
    std::string_view path;    // raw, before "?"; never empty, starts with "/"
    std::string_view query;   // raw, after "?"; may be empty
    std::string_view body;
    std::span<const Header> headers;
    std::string_view host;   // Host header, lower case, without port; may be empty
    std::string client_ip;   // peer, or the forwarded address when the peer is a trusted proxy
    std::string request_id;  // X-Request-Id of the caller when well-formed, else made here
    bool secure = false;     // TLS here, or X-Forwarded-Proto=https from a trusted proxy

    // First header of that name without regard to case; empty when absent.
    std::string_view header(std::string_view name) const;
    bool has_header(std::string_view name) const;
};

struct BodyPiece {
    enum class End : std::uint8_t {
        No,
        Complete,
        Broken,  // the rest cannot be made: the connection is cut, so that the client notices
    };
    std::string bytes{};
    End end = End::No;
};

// A body that is made piece by piece, as fast as the client takes it and no faster. Destroyed when
// the client leaves, or when its end was sent.
class BodySource {
  public:
    using Take = std::move_only_function<void(BodyPiece&&)>;

    virtual ~BodySource() = default;

    // On an I/O thread; must not block. `take` is called once, from any thread, at once or later.
    // The next call comes after that. Dropping `take` breaks the body.
    virtual void next(Take take) = 0;

    // The server stops: a body that has no end of its own ends now.
    virtual void finish() {}
};

struct Response {
    int status = 200;
    std::string body{};
    std::string content_type{};  // empty: no Content-Type header
    std::vector<std::pair<std::string, std::string>> headers{};
    std::shared_ptr<BodySource> stream{};  // instead of `body`
};

// Called exactly once, from any thread.
using Reply = std::move_only_function<void(Response&&)>;

// The most bytes that a body may have, asked by net/ when the head is there and before the body is
// read, of bodies that are chunked or longer than limits::kBodyBytesMax. Must be quick.
using BodyLimit = std::function<std::size_t(std::string_view method, std::string_view path)>;

// What net/ calls for each request, on an I/O thread. Must not block.
using Service = std::function<void(const Request&, Reply)>;

}  // namespace hw
