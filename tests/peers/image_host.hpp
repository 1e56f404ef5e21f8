// SPDX-License-Identifier: Apache-2.0
// A web host on loopback that sends exactly the bytes it is told to, well-formed or not, and then
// closes, hangs, resets or drips: the other side of avatars and webhooks.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <vector>

namespace hw {

struct HostAnswer {
    enum class End : std::uint8_t {
        Close,
        Hang,   // says nothing more until the client goes away
        Reset,  // RST instead of FIN
        Drip,   // one byte more every few milliseconds, for ever
    };
    std::string bytes;
    End end = End::Close;
};

// An answer with the headers that its body calls for.
inline std::string http_answer(int status, std::string_view body,
                               std::string_view content_type = "image/png",
                               std::string_view more_headers = "") {
    return "HTTP/1.1 " + std::to_string(status) +
           " Reason\r\nContent-Type: " + std::string(content_type) +
           "\r\nContent-Length: " + std::to_string(body.size()) + "\r\nConnection: close\r\n" +
           std::string(more_headers) + "\r\n" + std::string(body);
}

class ImageHost {
  public:
    // What to answer to a request, of which it gets the head and the body.
    using Script = std::function<HostAnswer(const std::string& request)>;

    explicit ImageHost(Script script, const char* address = "127.0.0.1")
        : script_(std::move(script)), listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in name{};
        name.sin_family = AF_INET;
        ::inet_pton(AF_INET, address, &name.sin_addr);
        socklen_t size = sizeof name;
        if (::bind(listener_, reinterpret_cast<const sockaddr*>(&name), size) != 0 ||
            ::listen(listener_, 64) != 0 ||
            ::getsockname(listener_, reinterpret_cast<sockaddr*>(&name), &size) != 0) {
            throw std::system_error(errno, std::generic_category(), "image host");
        }
        port_ = ntohs(name.sin_port);
        acceptor_ = std::thread([this] { accept_loop(); });
    }

    // Always answers the same.
    explicit ImageHost(HostAnswer answer)
        : ImageHost([answer = std::move(answer)](const std::string&) { return answer; }) {}

    ~ImageHost() {
        stopped_ = true;
        acceptor_.join();
        for (auto& thread : connections_) thread.join();
        ::close(listener_);
    }

    ImageHost(const ImageHost&) = delete;
    ImageHost& operator=(const ImageHost&) = delete;

    std::uint16_t port() const { return port_; }
    std::string url(std::string_view path = "/", std::string_view host = "127.0.0.1") const {
        return "http://" + std::string(host) + ":" + std::to_string(port_) + std::string(path);
    }
    std::vector<std::string> requests() const {
        const std::scoped_lock lock(mutex_);
        return requests_;
    }

  private:
    static constexpr int kTickMs = 5;

    // True when something came, or the peer is gone; false after one tick of silence.
    static bool readable(int fd) {
        pollfd waiting{fd, POLLIN, 0};
        return ::poll(&waiting, 1, kTickMs) > 0;
    }

    void accept_loop() {
        while (!stopped_) {
            if (!readable(listener_)) continue;
            const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
            if (fd >= 0) connections_.emplace_back([this, fd] { serve(fd); });
        }
    }

    void serve(int fd) {
        const auto request = read_request(fd);
        if (!request.empty()) {
            {
                const std::scoped_lock lock(mutex_);
                requests_.push_back(request);
            }
            const auto answer = script_(request);
            if (send_all(fd, answer.bytes)) finish(fd, answer.end);
        }
        ::close(fd);
    }

    static bool is_complete(const std::string& request) {
        constexpr std::string_view kLength = "\r\nContent-Length: ";
        const auto end = request.find("\r\n\r\n");
        if (end == request.npos) return false;
        const auto at = request.find(kLength);
        if (at == request.npos || at > end) return true;
        return request.size() >= end + 4 + std::stoull(request.substr(at + kLength.size()));
    }

    std::string read_request(int fd) {
        std::string request;
        char buffer[4096];
        while (!stopped_ && !is_complete(request)) {
            if (!readable(fd)) continue;
            const auto count = ::recv(fd, buffer, sizeof buffer, 0);
            if (count <= 0) return {};
            request.append(buffer, static_cast<std::size_t>(count));
        }
        return request;
    }

    bool send_all(int fd, std::string_view bytes) {
        while (!bytes.empty() && !stopped_) {
            const auto count = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
            if (count < 0 && errno != EAGAIN) return false;
            if (count > 0) bytes.remove_prefix(static_cast<std::size_t>(count));
            pollfd writable{fd, POLLOUT, 0};
            if (!bytes.empty()) ::poll(&writable, 1, kTickMs);
        }
        return true;
    }

    void finish(int fd, HostAnswer::End end) {
        if (end == HostAnswer::End::Reset) {
            const linger reset{.l_onoff = 1, .l_linger = 0};
            ::setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
        }
        while (end == HostAnswer::End::Hang && !stopped_ && !gone(fd)) continue;
        while (end == HostAnswer::End::Drip && !stopped_ && !gone(fd)) {
            if (!send_all(fd, "x")) return;
        }
    }

    // Waits a tick.
    static bool gone(int fd) {
        char byte = 0;
        return readable(fd) && ::recv(fd, &byte, 1, 0) <= 0;
    }

    Script script_;
    int listener_;
    std::uint16_t port_ = 0;
    std::atomic<bool> stopped_{false};
    mutable std::mutex mutex_;
    std::vector<std::string> requests_;
    std::vector<std::thread> connections_;  // of the acceptor, until it was joined
    std::thread acceptor_;
};

}  // namespace hw
