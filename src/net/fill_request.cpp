// SPDX-License-Identifier: Apache-2.0
#include "net/fill_request.hpp"

#include <algorithm>

#include "base/ascii.hpp"
#include "net/http_text.hpp"

namespace hw::net {
namespace {

void apply_forwarded(Exchange& exchange, const TrustedProxies& proxies) {
    auto& request = exchange.request;
    const auto forwarded = read_forwarded(request.headers, proxies);
    if (forwarded.client.has_value()) request.client_ip = forwarded.client->to_string();
    if (forwarded.https) request.secure = true;
    if (!forwarded.host.empty()) exchange.host = forwarded.host;
}

}  // namespace

void fill_request(Exchange& exchange, const Peer& peer, IoThread& io) {
    auto& request = exchange.request;
    const auto& head = exchange.head;
    request.method = head.method;
    request.path = head.path;
    request.query = head.query;
    request.headers = head.headers;
    request.client_ip = peer.address;
    request.secure = peer.tls;
    exchange.host = head.host;
    if (peer.trusted) apply_forwarded(exchange, io.server().proxies);
    for (char& c : exchange.host) c = ascii_lower(c);
    request.host = exchange.host;
    const auto id = request.header("X-Request-Id");
    if (is_request_id(id)) {
        request.request_id = id;
    } else {
        io.request_ids().make(request.request_id);
    }
}

}  // namespace hw::net
