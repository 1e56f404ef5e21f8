// SPDX-License-Identifier: Apache-2.0
// Writes a Response as HTTP/1.1 bytes, head and body together, so that one send carries it.
#pragma once

#include <string>
#include <string_view>

#include "api/http.hpp"

namespace hw::net {

// What the connection adds to a Response.
struct Delivery {
    std::string_view request_id{};  // empty: no X-Request-Id
    bool head_only = false;         // the answer to HEAD
    bool close = false;             // the connection ends after it
    bool name_keep_alive = false;   // HTTP/1.0 wants to be told
    bool knows_chunks = true;  // HTTP/1.0 does not: the end of a stream is that of the connection
};

// False when the response could break the framing: a status that is none, a header name or value
// with CR, LF, NUL or another control character, or a header that only net/ may set.
bool is_safe(const Response& response);

// `response` is safe. Appends to `out`. Of a streamed body only the head.
void append_response(std::string& out, const Response& response, const Delivery& delivery);

// A piece of a streamed body and its end, as `chunked` or as it is.
void append_piece(std::string& out, const BodyPiece& piece, bool chunked);

}  // namespace hw::net
