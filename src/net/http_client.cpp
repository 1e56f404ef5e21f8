// SPDX-License-Identifier: Apache-2.0
#include "net/http_client.hpp"

#include <curl/curl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <mutex>
#include <optional>
#include <string_view>

#include "base/ascii.hpp"
#include "base/fault.hpp"

namespace hw {
namespace {

constexpr std::size_t kIdleHandlesMax = 16;
constexpr std::size_t kResponseHeaderBytesMax = std::size_t{64} * 1024;

struct FreeHandle {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
using Handle = std::unique_ptr<CURL, FreeHandle>;

struct FreeList {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using List = std::unique_ptr<curl_slist, FreeList>;

void append(List& list, const std::string& line) {
    auto* const longer = curl_slist_append(list.get(), line.c_str());
    HW_ASSERT(longer != nullptr);
    if (list == nullptr) list.reset(longer);  // else the beginning is the same
}

template <class Value>
void set(CURL* handle, CURLoption option, Value value) {
    HW_ASSERT(curl_easy_setopt(handle, option, value) == CURLE_OK);
}

// What one request gathers while libcurl runs it.
struct Exchange {
    const HttpRequest& request;
    const HttpClientOptions& options;
    HttpResponse response{};
    std::size_t header_bytes = 0;
    bool too_large = false;
    bool cut = false;       // all that is wanted of the body is there
    bool approved = false;  // at least one address could be tried
    std::string refused{};  // the last address that could not
};

struct Endpoint {
    IpAddress address;
    std::uint16_t port;
};

std::optional<Endpoint> endpoint_of(const curl_sockaddr& target) {
    IpAddress::Bytes bytes{};
    if (target.family == AF_INET) {
        sockaddr_in v4{};
        std::memcpy(&v4, &target.addr, sizeof v4);
        bytes[10] = bytes[11] = 0xFF;
        std::memcpy(bytes.data() + 12, &v4.sin_addr, 4);
        return Endpoint{IpAddress::from_bytes(bytes), ntohs(v4.sin_port)};
    }
    if (target.family == AF_INET6) {
        sockaddr_in6 v6{};
        std::memcpy(&v6, &target.addr, sizeof v6);
        std::memcpy(bytes.data(), &v6.sin6_addr, bytes.size());
        return Endpoint{IpAddress::from_bytes(bytes), ntohs(v6.sin6_port)};
    }
    return std::nullopt;
}

bool may_connect(const HttpClientOptions& options, const Endpoint& endpoint) {
    const bool listed = std::ranges::any_of(options.allowed_ranges, [&](const auto& range) {
        return range.contains(endpoint.address);
    });
    if (listed) return true;
    return is_public_address(endpoint.address) &&
           std::ranges::find(options.public_ports, endpoint.port) != options.public_ports.end();
}

// libcurl calls this with the very address that it is about to connect to.
curl_socket_t open_socket(void* context, curlsocktype, curl_sockaddr* target) {
    auto& exchange = *static_cast<Exchange*>(context);
    const auto endpoint = endpoint_of(*target);
    if (!endpoint || !may_connect(exchange.options, *endpoint)) {
        exchange.refused = endpoint
                               ? fmt::format("{} port {}", endpoint->address.text(), endpoint->port)
                               : "an address that is no IP address";
        return CURL_SOCKET_BAD;
    }
    exchange.approved = true;
    return socket(target->family, target->socktype | SOCK_CLOEXEC, target->protocol);
}

std::size_t take_body(const char* bytes, std::size_t, std::size_t count, void* context) {
    auto& exchange = *static_cast<Exchange*>(context);
    auto& body = exchange.response.body;
    const auto room = exchange.request.max_response_bytes - body.size();
    if (count > room) {
        const bool cut = exchange.request.cut_response;
        if (cut) body.append(bytes, room);
        (cut ? exchange.cut : exchange.too_large) = true;
        return CURL_WRITEFUNC_ERROR;
    }
    body.append(bytes, count);
    return count;
}

std::string_view trimmed(std::string_view text) {
    const auto from = text.find_first_not_of(" \t\r\n");
    if (from == text.npos) return {};
    return text.substr(from, text.find_last_not_of(" \t\r\n") - from + 1);
}

std::size_t take_header(const char* bytes, std::size_t, std::size_t count, void* context) {
    auto& exchange = *static_cast<Exchange*>(context);
    exchange.header_bytes += count;
    if (exchange.header_bytes > kResponseHeaderBytesMax) {
        exchange.too_large = true;
        return count + 1;  // anything but count ends the transfer
    }
    const std::string_view line(bytes, count);
    if (line.starts_with("HTTP/")) {
        exchange.response.headers.clear();  // what came before was a 1xx
        return count;
    }
    const auto colon = line.find(':');
    if (colon != line.npos) {
        exchange.response.headers.emplace_back(ascii_lower(line.substr(0, colon)),
                                               trimmed(line.substr(colon + 1)));
    }
    return count;
}

bool is_token(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](unsigned char c) {
        return c > ' ' && c < 0x7F && !std::string_view("\"(),/:;<=>?@[\\]{}").contains(char(c));
    });
}

bool has_control(std::string_view text) {
    return std::ranges::any_of(text,
                               [](unsigned char c) { return (c < ' ' && c != '\t') || c == 0x7F; });
}

// libcurl sends what it is given: a line break in a header would be a header of its own.
Result<void> check(const HttpRequest& request) {
    if (!is_token(request.method)) {
        return fail(ErrorCode::BadRequest, "The method is not an HTTP method.", "bad_request");
    }
    for (const auto& [name, value] : request.headers) {
        if (is_token(name) && !has_control(value)) continue;
        return fail(ErrorCode::BadRequest, "A header holds characters that no header may hold.",
                    "bad_request");
    }
    if (request.url.empty() || request.url.contains('\0')) {
        return fail(ErrorCode::BadRequest, "The URL is not a web address.", "bad_request");
    }
    return {};
}

List header_lines(const HttpRequest& request) {
    List lines;
    // Else libcurl calls every body a form. A later line of the same name counts.
    append(lines, "Content-Type:");
    for (const auto& [name, value] : request.headers) {
        // An empty value needs a semicolon, or libcurl would leave the header out.
        append(lines, value.empty() ? name + ";" : fmt::format("{}: {}", name, value));
    }
    append(lines, "Expect:");  // bodies are small: no round trip to ask whether one is welcome
    return lines;
}

void set_limits(CURL* handle, Exchange& exchange) {
    const auto& options = exchange.options;
    set(handle, CURLOPT_PROTOCOLS_STR, "http,https");
    set(handle, CURLOPT_DEFAULT_PROTOCOL, "https");
    set(handle, CURLOPT_FOLLOWLOCATION, 0L);
    // A proxy of the environment would connect for us, to addresses that nobody checked.
    set(handle, CURLOPT_PROXY, "");
    set(handle, CURLOPT_OPENSOCKETFUNCTION, &open_socket);
    set(handle, CURLOPT_OPENSOCKETDATA, &exchange);
    set(handle, CURLOPT_NOSIGNAL, 1L);
    const auto timeout_ms = static_cast<long>(exchange.request.timeout_ms);
    set(handle, CURLOPT_TIMEOUT_MS, timeout_ms);
    set(handle, CURLOPT_CONNECTTIMEOUT_MS,
        std::min(timeout_ms, static_cast<long>(options.connect_timeout_ms)));
    // Refuses an announced length at once; take_body counts in any case.
    const auto most = static_cast<curl_off_t>(exchange.request.max_response_bytes);
    set(handle, CURLOPT_MAXFILESIZE_LARGE, exchange.request.cut_response ? curl_off_t{0} : most);
    set(handle, CURLOPT_SSL_VERIFYPEER, 1L);
    set(handle, CURLOPT_SSL_VERIFYHOST, 2L);
    set(handle, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    if (!options.ca_path.empty()) set(handle, CURLOPT_CAINFO, options.ca_path.c_str());
}

void set_request(CURL* handle, Exchange& exchange, const List& headers) {
    const auto& request = exchange.request;
    set(handle, CURLOPT_URL, request.url.c_str());
    set(handle, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    set(handle, CURLOPT_USERAGENT, exchange.options.user_agent.c_str());
    if (request.method == "HEAD") {
        set(handle, CURLOPT_NOBODY, 1L);
    } else if (!request.body.empty() || request.method == "POST" || request.method == "PUT") {
        set(handle, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
        set(handle, CURLOPT_POSTFIELDS, request.body.c_str());
    }
    if (request.method != "HEAD") set(handle, CURLOPT_CUSTOMREQUEST, request.method.c_str());
    set(handle, CURLOPT_HTTPHEADER, headers.get());
    set(handle, CURLOPT_WRITEFUNCTION, &take_body);
    set(handle, CURLOPT_WRITEDATA, &exchange);
    set(handle, CURLOPT_HEADERFUNCTION, &take_header);
    set(handle, CURLOPT_HEADERDATA, &exchange);
}

Error error_of(CURLcode code, const Exchange& exchange, bool was_sent) {
    const std::string why = curl_easy_strerror(code);
    if (exchange.too_large || code == CURLE_FILESIZE_EXCEEDED) {
        return {
            ErrorCode::PayloadTooLarge,
            fmt::format("The answer is larger than {} bytes.", exchange.request.max_response_bytes),
            "response_too_large"};
    }
    if (was_sent && code == CURLE_UNSUPPORTED_PROTOCOL) code = CURLE_WEIRD_SERVER_REPLY;
    switch (code) {
        case CURLE_UNSUPPORTED_PROTOCOL:
        case CURLE_URL_MALFORMAT:
            return {ErrorCode::BadRequest, "The URL is not a web address: " + why, "bad_request"};
        case CURLE_OPERATION_TIMEDOUT:
            return {ErrorCode::Unavailable,
                    fmt::format("No complete answer within {} ms.", exchange.request.timeout_ms),
                    "timeout"};
        case CURLE_COULDNT_RESOLVE_HOST:
            return {ErrorCode::Unavailable, "The name of the host has no address.",
                    "host_not_found"};
        case CURLE_SSL_CONNECT_ERROR:
        case CURLE_PEER_FAILED_VERIFICATION:
        case CURLE_SSL_CERTPROBLEM:
        case CURLE_SSL_CIPHER:
        case CURLE_SSL_ISSUER_ERROR:
            return {ErrorCode::Unavailable, "No secure connection: " + why, "tls_failed"};
        default:
            break;
    }
    if (!exchange.refused.empty() && !exchange.approved) {
        return {ErrorCode::Forbidden,
                fmt::format("The server may not connect to {}; the operator can allow it.",
                            exchange.refused),
                "address_refused"};
    }
    return {ErrorCode::Unavailable, "The connection failed: " + why, "connection_failed"};
}

}  // namespace

// Handles keep their connections and TLS sessions, so they are used again.
struct CurlHttpClient::Handles {
    Handle take() {
        {
            const std::scoped_lock lock(mutex);
            if (!idle.empty()) {
                Handle handle = std::move(idle.back());
                idle.pop_back();
                return handle;
            }
        }
        Handle made(curl_easy_init());
        HW_ASSERT(made != nullptr);
        return made;
    }

    void give_back(Handle handle) {
        curl_easy_reset(handle.get());
        const std::scoped_lock lock(mutex);
        if (idle.size() < kIdleHandlesMax) idle.push_back(std::move(handle));
    }

    std::mutex mutex;
    std::vector<Handle> idle;
};

CurlHttpClient::CurlHttpClient(HttpClientOptions options)
    : options_(std::move(options)), handles_(std::make_unique<Handles>()) {
    static const auto ready = curl_global_init(CURL_GLOBAL_DEFAULT);
    HW_ASSERT(ready == CURLE_OK);
}

CurlHttpClient::~CurlHttpClient() = default;

Result<HttpResponse> CurlHttpClient::send(const HttpRequest& request) {
    const auto began = std::chrono::steady_clock::now();
    auto response = exchange_with(request);
    const auto took = std::chrono::steady_clock::now() - began;
    stats_.milliseconds += std::chrono::duration_cast<std::chrono::milliseconds>(took).count();
    if (response) {
        ++stats_.answers;
    } else if (response.error().reason == "address_refused") {
        ++stats_.refused;
    } else {
        ++stats_.failures;
    }
    return response;
}

Result<HttpResponse> CurlHttpClient::exchange_with(const HttpRequest& request) {
    HW_CHECK(check(request));
    Exchange exchange{.request = request, .options = options_};
    const auto headers = header_lines(request);
    List hosts;
    if (options_.hosts) {
        for (const auto& line : options_.hosts()) append(hosts, line);
    }
    auto handle = handles_->take();
    set_limits(handle.get(), exchange);
    set_request(handle.get(), exchange, headers);
    if (hosts) set(handle.get(), CURLOPT_RESOLVE, hosts.get());
    const auto code = curl_easy_perform(handle.get());
    long status = 0;
    curl_easy_getinfo(handle.get(), CURLINFO_RESPONSE_CODE, &status);
    long sent_bytes = 0;
    curl_easy_getinfo(handle.get(), CURLINFO_REQUEST_SIZE, &sent_bytes);
    handles_->give_back(std::move(handle));
    if (code != CURLE_OK && !exchange.cut)
        return std::unexpected(error_of(code, exchange, sent_bytes > 0));
    exchange.response.status = static_cast<int>(status);
    return std::move(exchange.response);
}

}  // namespace hw
