// SPDX-License-Identifier: Apache-2.0
#include "app/listen_address.hpp"

#include <fmt/format.h>

#include <charconv>

namespace hw {

Result<ListenAddress> parse_listen(const std::string& listen) {
    const auto colon = listen.rfind(':');
    ListenAddress address;
    const auto port = colon == std::string::npos ? std::string{} : listen.substr(colon + 1);
    const auto [end, failed] =
        std::from_chars(port.data(), port.data() + port.size(), address.port);
    if (port.empty() || failed != std::errc{} || end != port.data() + port.size()) {
        return fail(ErrorCode::BadRequest,
                    fmt::format("--listen '{}' is not HOST:PORT: write for example 127.0.0.1:8080",
                                listen));
    }
    address.host = listen.substr(0, colon);
    if (address.host.starts_with('[') && address.host.ends_with(']')) {
        address.host = address.host.substr(1, address.host.size() - 2);
    }
    return address;
}

}  // namespace hw
