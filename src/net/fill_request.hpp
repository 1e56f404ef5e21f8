// SPDX-License-Identifier: Apache-2.0
// Makes the Request that the service sees of a parsed head and of what is known about the peer.
#pragma once

#include <string>

#include "net/io_thread.hpp"

namespace hw::net {

struct Peer {
    std::string address;
    bool trusted = false;  // to say whom it forwards for
    bool tls = false;
};

// The body is set already.
void fill_request(Exchange& exchange, const Peer& peer, IoThread& io);

}  // namespace hw::net
