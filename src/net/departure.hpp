// SPDX-License-Identifier: Apache-2.0
// Notices that a client has closed its side while a streamed answer waits for its next piece.
#pragma once

#include <sys/socket.h>

#include <functional>
#include <memory>
#include <utility>

#include "net/io_thread.hpp"

namespace hw::net {

class Departure {
  public:
    // `left` is called on the thread of the socket, maybe more than once, and not after ~Departure.
    Departure(TcpSocket& socket, std::move_only_function<void()> left)
        : state_(std::make_shared<State>()) {
        state_->socket = &socket;
        state_->left = std::move(left);
    }
    ~Departure() { state_->socket = nullptr; }
    Departure(const Departure&) = delete;
    Departure& operator=(const Departure&) = delete;

    // Looks from now on. Bytes that arrive end that: a client that asks again is still there, and
    // writing to it finds out when it leaves.
    void watch() {
        if (std::exchange(state_->watching, true)) return;
        state_->socket->async_wait(
            TcpSocket::wait_read,
            [state = state_](const boost::system::error_code& failed) { look(*state, failed); });
    }

  private:
    struct State {
        TcpSocket* socket = nullptr;
        std::move_only_function<void()> left;
        bool watching = false;
    };

    static void look(State& state, const boost::system::error_code& failed) {
        if (state.socket == nullptr) return;
        char byte = 0;
        if (!failed &&
            ::recv(state.socket->native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0) {
            return;
        }
        // What cancels the wait, as a write deadline does, is no departure: watch() begins again.
        state.watching = false;
        if (!failed) state.left();
    }

    std::shared_ptr<State> state_;
};

}  // namespace hw::net
