// SPDX-License-Identifier: Apache-2.0
// One client connection: reads requests, calls the service, writes the answers in order.
#pragma once

#include <boost/asio/ip/address.hpp>

#include "net/io_thread.hpp"

namespace hw::net {

// Serves `socket`, over TLS when the server has it, until it is closed. On the thread of `io`;
// `connections_open` has counted it already.
void serve_connection(IoThread& io, TcpSocket socket, const boost::asio::ip::address& peer);

}  // namespace hw::net
