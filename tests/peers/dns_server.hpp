// SPDX-License-Identifier: Apache-2.0
// A name server on a loopback port that knows what a test tells it.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace hw {

class DnsServer {
  public:
    static constexpr int kTxt = 16;
    static constexpr int kCname = 5;

    DnsServer() : socket_(socket(AF_INET, SOCK_DGRAM, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        bind(socket_, reinterpret_cast<sockaddr*>(&address), size);
        getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size);
        port_ = ntohs(address.sin_port);
        thread_ = std::thread([this] { serve(); });
    }
    ~DnsServer() {
        stopping_ = true;
        thread_.join();
        close(socket_);
    }
    DnsServer(const DnsServer&) = delete;
    DnsServer& operator=(const DnsServer&) = delete;

    std::string address() const { return "127.0.0.1:" + std::to_string(port_); }

    // Text of a TXT record, in pieces of `piece` bytes; the name that a CNAME leads to.
    void add_txt(const std::string& name, const std::string& text, std::size_t piece = 255) {
        std::string data;
        for (std::size_t at = 0; at < text.size(); at += piece) {
            const auto part = text.substr(at, piece);
            data += static_cast<char>(part.size());
            data += part;
        }
        add(name, kTxt, data);
    }
    void add_cname(const std::string& name, const std::string& target) {
        add(name, kCname, labels_of(target));
    }
    // Questions are heard and not answered.
    void set_silent(bool silent) { silent_ = silent; }

  private:
    static std::string labels_of(std::string_view name) {
        std::string labels;
        while (!name.empty()) {
            const auto dot = std::min(name.find('.'), name.size());
            labels += static_cast<char>(dot);
            labels += name.substr(0, dot);
            name.remove_prefix(std::min(dot + 1, name.size()));
        }
        return labels + '\0';
    }
    static void put_16(std::string& out, std::size_t value) {
        out += static_cast<char>(value >> 8);
        out += static_cast<char>(value & 0xFF);
    }
    void add(const std::string& name, int type, std::string data) {
        const std::scoped_lock lock(mutex_);
        records_[{labels_of(name), type}].push_back(std::move(data));
    }

    // The question again with its answers; NXDOMAIN when there are none.
    std::string answer(std::string_view question) {
        constexpr std::size_t kHead = 12;
        const auto end = question.find('\0', kHead) + 1;
        const auto name = std::string(question.substr(kHead, end - kHead));
        const int type = static_cast<unsigned char>(question[end + 1]);
        const std::scoped_lock lock(mutex_);
        const auto& found = records_[{name, type}];
        std::string out(question.substr(0, 2));
        out += '\x81';
        out += static_cast<char>(found.empty() ? 0x83 : 0x80);
        put_16(out, 1);
        put_16(out, found.size());
        put_16(out, 0);
        put_16(out, 0);
        out += question.substr(kHead, end + 4 - kHead);
        for (const auto& data : found) {
            put_16(out, 0xC00C);  // the name of the question
            put_16(out, static_cast<std::size_t>(type));
            put_16(out, 1);
            put_16(out, 0);
            put_16(out, 60);
            put_16(out, data.size());
            out += data;
        }
        return out;
    }

    void serve() {
        while (!stopping_) {
            pollfd waiting{.fd = socket_, .events = POLLIN, .revents = 0};
            if (poll(&waiting, 1, 20) <= 0) continue;
            std::array<char, 1500> bytes{};
            sockaddr_in from{};
            socklen_t size = sizeof from;
            const auto length = recvfrom(socket_, bytes.data(), bytes.size(), 0,
                                         reinterpret_cast<sockaddr*>(&from), &size);
            if (length < 17 || silent_) continue;
            const auto text = answer({bytes.data(), static_cast<std::size_t>(length)});
            sendto(socket_, text.data(), text.size(), 0, reinterpret_cast<sockaddr*>(&from), size);
        }
    }

    int socket_;
    std::uint16_t port_ = 0;
    std::atomic<bool> stopping_{false};
    std::atomic<bool> silent_{false};
    std::mutex mutex_;
    std::map<std::pair<std::string, int>, std::vector<std::string>> records_;
    std::thread thread_;
};

}  // namespace hw
