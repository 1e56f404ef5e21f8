// SPDX-License-Identifier: Apache-2.0
// The HOST:PORT of --listen.
#pragma once

#include <cstdint>
#include <string>

#include "base/error.hpp"

namespace hw {

struct ListenAddress {
    std::string host;  // without the brackets of IPv6
    std::uint16_t port = 0;
};

Result<ListenAddress> parse_listen(const std::string& listen);

}  // namespace hw
