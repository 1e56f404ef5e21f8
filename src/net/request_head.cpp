// SPDX-License-Identifier: Apache-2.0
#include "net/request_head.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "base/ascii.hpp"
#include "base/error.hpp"
#include "base/limits.hpp"
#include "net/http_text.hpp"

namespace hw::net {
namespace {

constexpr std::array<std::string_view, 7> kMethods = {"GET",   "POST",   "HEAD",   "PUT",
                                                      "PATCH", "DELETE", "OPTIONS"};
constexpr std::size_t kMethodBytesMax = 16;

// What a refusal quotes of a value: enough to recognise it.
std::string_view quoted(std::string_view text) {
    return text.substr(0, 64);
}

std::unexpected<Refusal> url_too_long() {
    return refuse(414, fmt::format("The URL is longer than {} bytes. Shorten it, or send the "
                                   "values in the body of a POST.",
                                   limits::kUrlBytesMax));
}

std::unexpected<Refusal> head_too_long(std::size_t seen) {
    return refuse(431, fmt::format("The request line and the headers take {} bytes or more; at "
                                   "most {} are accepted. Send fewer or shorter headers.",
                                   seen, limits::kHeaderBytesMax));
}

std::string_view take_line(std::string_view& bytes) {
    const auto end = bytes.find('\n');  // the scanner made sure that it follows a CR
    const auto line = bytes.substr(0, end - 1);
    bytes.remove_prefix(end + 1);
    return line;
}

Parsed<void> check_method(std::string_view method) {
    if (!is_token(method) || method.size() > kMethodBytesMax)
        return refuse(400, fmt::format("\"{}\" is not a method. Start the request with GET, POST "
                                       "or another method in upper case.",
                                       quoted(method)));
    if (method == "CONNECT" || method == "TRACE")
        return refuse(405, fmt::format("{} is not allowed here. Use GET or POST.", method));
    if (std::ranges::find(kMethods, method) == kMethods.end())
        return refuse(501, fmt::format("The method \"{}\" is not known. Use GET, HEAD, POST, PUT, "
                                       "PATCH, DELETE or OPTIONS, in upper case.",
                                       method));
    return {};
}

Parsed<void> check_version(std::string_view version, RequestHead& head) {
    if (version == "HTTP/1.1") return {};
    if (version == "HTTP/1.0") {
        head.http_1_0 = true;
        head.keep_alive = false;
        return {};
    }
    const bool well_formed = version.size() == 8 && version.starts_with("HTTP/") &&
                             is_digit(version[5]) && version[6] == '.' && is_digit(version[7]);
    if (!well_formed)
        return refuse(400,
                      "The request line does not end in a protocol version. Write it as "
                      "METHOD SP /path SP HTTP/1.1, with single spaces.");
    return refuse(505, fmt::format("{} is not spoken here. Use HTTP/1.1.", version));
}

Parsed<void> check_target(std::string_view target, RequestHead& head) {
    if (target.size() > limits::kUrlBytesMax) return url_too_long();
    if (target.empty() || target.front() != '/')
        return refuse(400, fmt::format("The target \"{}\" does not start with \"/\". Send the "
                                       "path, and the host in the Host header.",
                                       quoted(target)));
    if (has_control(target) || target.find_first_of("\t#") != std::string_view::npos)
        return refuse(400, "The target holds a control character or \"#\". Percent-encode it.");
    const auto mark = target.find('?');
    head.path = target.substr(0, mark);
    head.query = mark == std::string_view::npos ? std::string_view{} : target.substr(mark + 1);
    return {};
}

Parsed<void> parse_request_line(std::string_view line, RequestHead& head) {
    const auto method_end = line.find(' ');
    const auto target_end = line.rfind(' ');
    if (method_end == std::string_view::npos || method_end == target_end)
        return refuse(400,
                      "The request line has fewer than three parts. Write it as METHOD SP "
                      "/path SP HTTP/1.1.");
    head.method = line.substr(0, method_end);
    const auto target = line.substr(method_end + 1, target_end - method_end - 1);
    HW_CHECK(check_version(line.substr(target_end + 1), head));
    HW_CHECK(check_method(head.method));
    if (target.find(' ') != std::string_view::npos)
        return refuse(400, "The target holds a space. Percent-encode it as %20.");
    return check_target(target, head);
}

bool is_host_character(char c) {
    return is_alphanumeric(c) || c == '-' || c == '.' || c == '_';
}

bool is_ipv6_character(char c) {
    return is_alphanumeric(c) || c == ':' || c == '.';
}

// What stands beside the headers while they are read: how often the framing ones came.
struct Framing {
    bool host = false;
    bool close = false;
    bool keep_alive = false;
    std::optional<std::string_view> content_length;
    std::optional<std::string_view> transfer_encoding;
    std::optional<std::string_view> expect;
};

std::unexpected<Refusal> repeated(std::string_view name) {
    return refuse(400, fmt::format("The header {} came more than once. Send it once.", name));
}

Parsed<void> note_once(std::string_view name, std::string_view value,
                       std::optional<std::string_view>& slot) {
    if (slot.has_value()) return repeated(name);
    slot = value;
    return {};
}

Parsed<void> note_host(std::string_view value, RequestHead& head, Framing& framing) {
    if (framing.host) return repeated("Host");
    framing.host = true;
    head.host = host_of_authority(value);
    if (head.host.empty())
        return refuse(400, fmt::format("The Host header \"{}\" is not a host with an optional "
                                       "port. Send for example \"Host: example.com\".",
                                       quoted(value)));
    return {};
}

Parsed<void> note_connection(std::string_view value, Framing& framing) {
    for (auto rest = value; !rest.empty();) {
        const auto option = take_element(rest);
        if (!option.empty() && !is_token(option))
            return refuse(400, fmt::format("The Connection header \"{}\" is not a list of names. "
                                           "Send \"close\" or \"keep-alive\".",
                                           quoted(value)));
        if (equal_no_case(option, "close")) framing.close = true;
        if (equal_no_case(option, "keep-alive")) framing.keep_alive = true;
    }
    return {};
}

Parsed<void> note_framing(const Header& header, RequestHead& head, Framing& framing) {
    // Lengths differ, so most headers cost one comparison of numbers.
    switch (header.name.size()) {
        case 4:
            if (equal_no_case(header.name, "Host")) return note_host(header.value, head, framing);
            break;
        case 6:
            if (equal_no_case(header.name, "Expect"))
                return note_once("Expect", header.value, framing.expect);
            break;
        case 10:
            if (equal_no_case(header.name, "Connection"))
                return note_connection(header.value, framing);
            break;
        case 14:
            if (equal_no_case(header.name, "Content-Length"))
                return note_once("Content-Length", header.value, framing.content_length);
            break;
        case 17:
            if (equal_no_case(header.name, "Transfer-Encoding"))
                return note_once("Transfer-Encoding", header.value, framing.transfer_encoding);
            break;
        default:
            break;
    }
    return {};
}

// Few paths take more than usual, and only who sends more has to be told them apart.
void ask_body_limit(const BodyLimit& body_limit, RequestHead& head) {
    if (body_limit) head.body_bytes_max = body_limit(head.method, head.path);
}

Parsed<void> check_content_length(std::string_view value, const BodyLimit& body_limit,
                                  RequestHead& head) {
    const bool digits = !value.empty() && std::ranges::all_of(value, is_digit);
    if (!digits)
        return refuse(400, fmt::format("Content-Length \"{}\" is not a decimal number. Send the "
                                       "number of bytes of the body.",
                                       quoted(value)));
    const auto parsed =
        std::from_chars(value.data(), value.data() + value.size(), head.content_length);
    const bool readable = parsed.ec == std::errc{};
    if (readable && head.content_length <= limits::kBodyBytesMax) return {};
    ask_body_limit(body_limit, head);
    if (!readable || head.content_length > head.body_bytes_max)
        return refuse(413, fmt::format("The body is {} bytes long; at most {} are accepted. Send "
                                       "less, or split it over several requests.",
                                       quoted(value), head.body_bytes_max));
    return {};
}

Parsed<void> check_transfer_encoding(std::string_view value, const Framing& framing,
                                     RequestHead& head) {
    if (framing.content_length.has_value())
        return refuse(400, "Transfer-Encoding and Content-Length came together. Send one of them.");
    if (head.http_1_0)
        return refuse(400, "HTTP/1.0 has no Transfer-Encoding. Send Content-Length.");
    if (equal_no_case(value, "chunked")) {
        head.chunked = true;
        return {};
    }
    // RFC 9112, 6.1 and 6.3: 501 for a coding that is not known, 400 when chunked is not the last.
    auto rest = value;
    const bool chunked_last = equal_no_case(take_last_element(rest), "chunked");
    return refuse(chunked_last ? 501 : 400,
                  fmt::format("Transfer-Encoding \"{}\" is not understood. Send \"chunked\" or a "
                              "Content-Length.",
                              quoted(value)));
}

Parsed<void> check_framing(const Framing& framing, const BodyLimit& body_limit, RequestHead& head) {
    if (!framing.host && !head.http_1_0)
        return refuse(400, "The Host header is missing. HTTP/1.1 requires it.");
    if (framing.transfer_encoding.has_value()) {
        HW_CHECK(check_transfer_encoding(*framing.transfer_encoding, framing, head));
        ask_body_limit(body_limit, head);
    }
    if (framing.content_length.has_value())
        HW_CHECK(check_content_length(*framing.content_length, body_limit, head));
    if (framing.expect.has_value() && !head.http_1_0) {
        if (!equal_no_case(*framing.expect, "100-continue"))
            return refuse(417, fmt::format("Expect \"{}\" cannot be met. Only 100-continue can.",
                                           quoted(*framing.expect)));
        head.expects_continue = true;
    }
    if (head.http_1_0 && framing.keep_alive) head.keep_alive = true;
    if (framing.close) head.keep_alive = false;
    return {};
}

}  // namespace

Parsed<std::size_t> HeadScanner::scan(std::string_view bytes) {
    if (seen_ == 0 && !bytes.empty() && !is_token_character(bytes.front()))
        return refuse(400,
                      "The request does not start with a method. If this is TLS, connect to "
                      "the TLS port.");
    for (;;) {
        const auto end = bytes.find('\n', std::max(seen_, line_start_));
        if (end == std::string_view::npos) break;
        if (end == line_start_ || bytes[end - 1] != '\r')
            return refuse(400, "A line of the head ends in LF without CR. End lines with CR LF.");
        if (end >= limits::kHeaderBytesMax) return head_too_long(end + 1);
        if (end == line_start_ + 1) return end + 1;
        in_request_line_ = false;
        line_start_ = end + 1;
    }
    seen_ = bytes.size();
    // Room for the method and the version beside the target.
    if (in_request_line_ && seen_ > limits::kUrlBytesMax + 64) return url_too_long();
    if (seen_ >= limits::kHeaderBytesMax) return head_too_long(seen_);
    return 0;
}

Parsed<Header> parse_header_line(std::string_view line) {
    const auto colon = line.find(':');
    const auto name = line.substr(0, colon);
    if (colon == std::string_view::npos || !is_token(name))
        return refuse(400, fmt::format("The header line \"{}\" is not well-formed. Write it as "
                                       "Name: value, without spaces before the colon and without "
                                       "folding.",
                                       quoted(line)));
    const auto value = trim_blanks(line.substr(colon + 1));
    if (has_control(value))
        return refuse(400, fmt::format("The value of the header {} holds a control character. "
                                       "Remove it.",
                                       quoted(name)));
    return Header{name, value};
}

std::string_view host_of_authority(std::string_view authority) {
    const bool bracketed = authority.starts_with('[');
    const auto host_end = bracketed ? authority.find(']') : authority.find(':');
    if (bracketed && host_end == std::string_view::npos) return {};
    auto host = bracketed ? authority.substr(1, host_end - 1) : authority.substr(0, host_end);
    const auto rest = host_end == std::string_view::npos
                          ? std::string_view{}
                          : authority.substr(host_end + (bracketed ? 1 : 0));
    const bool port_valid = rest.empty() || (rest.front() == ':' && rest.size() <= 6 &&
                                             std::ranges::all_of(rest.substr(1), is_digit));
    if (!port_valid) return {};
    if (bracketed) return std::ranges::all_of(host, is_ipv6_character) ? host : std::string_view{};
    if (host.ends_with('.')) host.remove_suffix(1);
    return std::ranges::all_of(host, is_host_character) ? host : std::string_view{};
}

Parsed<void> parse_head(std::string_view bytes, RequestHead& head, const BodyLimit& body_limit) {
    auto headers = std::move(head.headers);
    headers.clear();
    head = RequestHead{};
    head.headers = std::move(headers);
    HW_CHECK(parse_request_line(take_line(bytes), head));
    Framing framing;
    for (auto line = take_line(bytes); !line.empty(); line = take_line(bytes)) {
        if (head.headers.size() == limits::kHeaderCountMax)
            return refuse(431, fmt::format("The request has more than {} headers. Send fewer.",
                                           limits::kHeaderCountMax));
        const Header header = HW_TRY(parse_header_line(line));
        HW_CHECK(note_framing(header, head, framing));
        head.headers.push_back(header);
    }
    return check_framing(framing, body_limit, head);
}

}  // namespace hw::net
