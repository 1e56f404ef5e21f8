// SPDX-License-Identifier: Apache-2.0
#include "net/dns_resolver.hpp"

#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <netdb.h>
#include <netinet/in.h>
#include <resolv.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

#include "base/ascii.hpp"
#include "base/limits.hpp"

namespace hw {
namespace {

constexpr int kAttempts = 2;
constexpr std::uint16_t kDnsPort = 53;
constexpr std::size_t kAnswerBytesMax = 65'536;

Error no_answer() {
    return {ErrorCode::Unavailable,
            "The name server did not answer. Check --resolver, or try again in a moment.",
            "dns_no_answer"};
}

std::optional<sockaddr_in> parse_server(const std::string& text) {
    const auto colon = text.find(':');
    std::uint16_t port = kDnsPort;
    if (colon != text.npos) {
        const auto* const end = text.data() + text.size();
        const auto [stop, failed] = std::from_chars(text.data() + colon + 1, end, port);
        if (failed != std::errc{} || stop != end || port == 0) return std::nullopt;
    }
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    const auto host = text.substr(0, colon);
    if (inet_pton(AF_INET, host.c_str(), &address.sin_addr) != 1) return std::nullopt;
    return address;
}

std::string lower_name(std::string name) {
    while (name.ends_with('.')) name.pop_back();
    return ascii_lower(name);
}

// A TXT record is pieces with their length in front; together they are its text.
std::string txt_of(const unsigned char* bytes, std::size_t size) {
    std::string text;
    for (std::size_t at = 0; at < size;) {
        const auto length = std::min<std::size_t>(bytes[at], size - at - 1);
        text.append(reinterpret_cast<const char*>(bytes) + at + 1, length);
        at += 1 + length;
    }
    return text;
}

std::vector<std::string> texts_of(const unsigned char* answer, int length, DnsRecord record) {
    std::vector<std::string> texts;
    ns_msg message;
    if (ns_initparse(answer, length, &message) != 0) return texts;
    const int count = ns_msg_count(message, ns_s_an);
    for (int i = 0; i < count; ++i) {
        ns_rr entry;
        if (ns_parserr(&message, ns_s_an, i, &entry) != 0) continue;
        const auto type = ns_rr_type(entry);
        if (record == DnsRecord::Txt && type == ns_t_txt) {
            texts.push_back(txt_of(ns_rr_rdata(entry), ns_rr_rdlen(entry)));
        }
        if (record != DnsRecord::Cname || type != ns_t_cname) continue;
        std::array<char, NS_MAXDNAME> name{};
        const auto read = ns_name_uncompress(ns_msg_base(message), ns_msg_end(message),
                                             ns_rr_rdata(entry), name.data(), name.size());
        if (read > 0) texts.push_back(lower_name(name.data()));
    }
    return texts;
}

Result<std::vector<std::string>> ask(const DnsOptions& options, const std::string& name,
                                     DnsRecord record) {
    struct __res_state state{};
    if (res_ninit(&state) != 0) return std::unexpected(no_answer());
    const auto close = [](struct __res_state* opened) { res_nclose(opened); };
    const std::unique_ptr<struct __res_state, decltype(close)> closing(&state, close);
    state.retrans = options.timeout_seconds;
    state.retry = kAttempts;
    if (const auto server = parse_server(options.server)) {
        state.nscount = 1;
        state.nsaddr_list[0] = *server;
    }
    std::vector<unsigned char> answer(kAnswerBytesMax);
    const int type = record == DnsRecord::Txt ? ns_t_txt : ns_t_cname;
    const int length = res_nquery(&state, name.c_str(), ns_c_in, type, answer.data(),
                                  static_cast<int>(answer.size()));
    if (length >= 0) return texts_of(answer.data(), length, record);
    const bool nothing = state.res_h_errno == HOST_NOT_FOUND || state.res_h_errno == NO_DATA;
    if (nothing) return std::vector<std::string>{};
    return std::unexpected(no_answer());
}

}  // namespace

Result<void> SystemDnsResolver::check(const DnsOptions& options) {
    if (options.server.empty() || parse_server(options.server)) return {};
    return fail(ErrorCode::BadRequest, "--resolver '" + options.server +
                                           "' is no name server: write for example 192.0.2.53 or "
                                           "127.0.0.1:5353");
}

SystemDnsResolver::SystemDnsResolver(DnsOptions options)
    : options_(std::move(options)), thread_([this] { run(); }) {}

SystemDnsResolver::~SystemDnsResolver() {
    stop();
}

void SystemDnsResolver::stop() {
    {
        const std::scoped_lock lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
}

void SystemDnsResolver::look_up(std::string name, DnsRecord record, Found found) {
    {
        const std::scoped_lock lock(mutex_);
        if (!stopping_ && waiting_.size() < limits::kDnsQueueMax) {
            waiting_.push_back({std::move(name), record, std::move(found)});
            changed_.notify_one();
            return;
        }
    }
    found(std::unexpected(no_answer()));
}

void SystemDnsResolver::run() {
    for (;;) {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
        if (waiting_.empty()) return;
        auto question = std::move(waiting_.front());
        waiting_.pop_front();
        const bool stopping = stopping_;
        lock.unlock();
        if (stopping) {
            question.found(std::unexpected(no_answer()));
        } else {
            question.found(ask(options_, question.name, question.record));
        }
    }
}

}  // namespace hw
