// SPDX-License-Identifier: Apache-2.0
#include "net/response_bytes.hpp"

#include <algorithm>
#include <array>
#include <boost/beast/http/status.hpp>
#include <charconv>
#include <ostream>  // Boost 1.81: status.hpp needs it and does not include it

#include "base/ascii.hpp"
#include "net/http_text.hpp"

namespace hw::net {
namespace {

// Set here alone, because they decide where a message ends.
bool is_framing_header(std::string_view name) {
    return equal_no_case(name, "Content-Length") || equal_no_case(name, "Transfer-Encoding") ||
           equal_no_case(name, "Connection") || equal_no_case(name, "Keep-Alive") ||
           equal_no_case(name, "Trailer") || equal_no_case(name, "Upgrade");
}

void append_number(std::string& out, std::size_t number) {
    std::array<char, 20> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    out.append(digits.data(), end);
}

void append_header(std::string& out, std::string_view name, std::string_view value) {
    out += name;
    out += ": ";
    out += value;
    out += kCrLf;
}

void append_status_line(std::string& out, int status) {
    const auto reason =
        boost::beast::http::obsolete_reason(static_cast<boost::beast::http::status>(status));
    out += "HTTP/1.1 ";
    append_number(out, static_cast<std::size_t>(status));
    out += ' ';
    out.append(reason.data(), reason.size());
    out += kCrLf;
}

}  // namespace

bool is_safe(const Response& response) {
    if (response.status < 200 || response.status > 599 || has_control(response.content_type))
        return false;
    if (response.stream && (response.status == 204 || response.status == 304)) return false;
    return std::ranges::all_of(response.headers, [](const auto& header) {
        return is_token(header.first) && !has_control(header.second) &&
               !is_framing_header(header.first);
    });
}

void append_response(std::string& out, const Response& response, const Delivery& delivery) {
    append_status_line(out, response.status);
    if (!response.content_type.empty()) append_header(out, "Content-Type", response.content_type);
    for (const auto& [name, value] : response.headers) {
        if (!equal_no_case(name, "X-Request-Id")) append_header(out, name, value);
    }
    if (!delivery.request_id.empty()) append_header(out, "X-Request-Id", delivery.request_id);
    if (delivery.close) {
        append_header(out, "Connection", "close");
    } else if (delivery.name_keep_alive) {
        append_header(out, "Connection", "keep-alive");
    }
    // RFC 9110, 8.6: these two have no body and no length.
    const bool bodiless = response.status == 204 || response.status == 304;
    if (response.stream) {
        if (delivery.knows_chunks) append_header(out, "Transfer-Encoding", "chunked");
    } else if (!bodiless) {
        out += "Content-Length: ";
        append_number(out, response.body.size());
        out += kCrLf;
    }
    out += kCrLf;
    if (!bodiless && !delivery.head_only) out += response.body;
}

void append_piece(std::string& out, const BodyPiece& piece, bool chunked) {
    if (!chunked) {
        out += piece.bytes;
        return;
    }
    // An empty chunk would be the end.
    if (!piece.bytes.empty()) {
        std::array<char, 16> digits{};
        const auto end =
            std::to_chars(digits.data(), digits.data() + digits.size(), piece.bytes.size(), 16).ptr;
        out.append(digits.data(), end);
        out += kCrLf;
        out += piece.bytes;
        out += kCrLf;
    }
    if (piece.end == BodyPiece::End::Complete) out += "0\r\n\r\n";
}

}  // namespace hw::net
