// SPDX-License-Identifier: Apache-2.0
// An HTTP client that sends exactly the bytes it is given, well-formed or not, over loopback.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace hw {

struct RawAnswer {
    int status = 0;
    std::string head;  // status line and headers, with their line ends
    std::string body;

    // The value of the first header of that name, spelled as the server spells it.
    std::string header(std::string_view name) const {
        const std::string start = "\r\n" + std::string(name) + ": ";
        const auto at = head.find(start);
        if (at == std::string::npos) return {};
        const auto begin = at + start.size();
        return head.substr(begin, head.find("\r\n", begin) - begin);
    }
    bool has_header(std::string_view name) const {
        return head.find("\r\n" + std::string(name) + ": ") != std::string::npos;
    }
};

// Takes the first whole answer off `bytes`; nothing when there is none. `bodiless`: the answer to
// a HEAD request.
inline std::optional<RawAnswer> take_answer(std::string& bytes, bool bodiless = false) {
    const auto end = bytes.find("\r\n\r\n");
    if (!bytes.starts_with("HTTP/1.1 ") || end == std::string::npos) return std::nullopt;
    RawAnswer answer;
    answer.head = bytes.substr(0, end + 2);
    answer.status = std::atoi(bytes.c_str() + 9);
    const auto length = answer.header("Content-Length");
    const auto size = bodiless ? 0 : std::strtoull(length.c_str(), nullptr, 10);
    if (bytes.size() < end + 4 + size) return std::nullopt;
    answer.body = bytes.substr(end + 4, size);
    bytes.erase(0, end + 4 + size);
    return answer;
}

class RawClient {
  public:
    static constexpr std::chrono::milliseconds kPatience = std::chrono::seconds(60);

    // `receive_buffer`: bytes of the socket's receive buffer, 0 for the usual.
    explicit RawClient(std::uint16_t port, int receive_buffer = 0)
        : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        if (receive_buffer > 0) set(SOL_SOCKET, SO_RCVBUF, receive_buffer);
        set(IPPROTO_TCP, TCP_NODELAY, 1);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        const auto* generic = reinterpret_cast<const sockaddr*>(&address);
        if (::connect(socket_, generic, sizeof(address)) != 0) {
            const int cause = errno;
            ::close(socket_);
            throw std::system_error(cause, std::generic_category(), "connect");
        }
    }
    ~RawClient() { close(); }
    RawClient(const RawClient&) = delete;
    RawClient& operator=(const RawClient&) = delete;
    RawClient(RawClient&& other) noexcept
        : socket_(std::exchange(other.socket_, -1)), received_(std::move(other.received_)) {}
    RawClient& operator=(RawClient&&) = delete;

    // False when the server no longer takes bytes.
    bool send(std::string_view bytes) {
        while (!bytes.empty()) {
            const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent <= 0) return false;
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
        return true;
    }

    // One system call for each piece, so that the server sees many small reads.
    bool send_in_pieces(std::string_view bytes, std::size_t piece) {
        for (; !bytes.empty(); bytes.remove_prefix(std::min(piece, bytes.size()))) {
            if (!send(bytes.substr(0, piece))) return false;
        }
        return true;
    }

    // The next whole answer; nothing when the connection ends before it, or after kPatience.
    std::optional<RawAnswer> answer(bool bodiless = false) {
        for (;;) {
            if (auto found = take_answer(received_, bodiless)) return found;
            if (!receive()) return std::nullopt;
        }
    }

    // Everything until the server closes; nothing when it does not within kPatience.
    std::optional<std::string> until_closed() {
        while (receive()) continue;
        if (!ended_) return std::nullopt;
        return std::exchange(received_, {});
    }

    // Waits for at least that many unread bytes.
    bool wait_for_bytes(std::size_t count) {
        while (received_.size() < count && receive()) continue;
        return received_.size() >= count;
    }

    void shutdown_write() { ::shutdown(socket_, SHUT_WR); }
    void close() {
        if (socket_ >= 0) ::close(std::exchange(socket_, -1));
    }
    // The server sees the connection reset.
    void reset() {
        const linger now{.l_onoff = 1, .l_linger = 0};
        ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
        close();
    }
    bool was_reset() const { return was_reset_; }
    int native() const { return socket_; }

  private:
    void set(int level, int option, int value) {
        ::setsockopt(socket_, level, option, &value, sizeof(value));
    }

    bool receive() {
        if (ended_) return false;
        pollfd readable{.fd = socket_, .events = POLLIN, .revents = 0};
        if (::poll(&readable, 1, static_cast<int>(kPatience.count())) <= 0) return false;
        char buffer[16 * 1024];
        const auto size = ::recv(socket_, buffer, sizeof(buffer), 0);
        ended_ = size <= 0;
        was_reset_ = size < 0;
        if (size > 0) received_.append(buffer, static_cast<std::size_t>(size));
        return size > 0;
    }

    int socket_;
    std::string received_;
    bool ended_ = false;
    bool was_reset_ = false;
};

}  // namespace hw
