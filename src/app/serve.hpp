// SPDX-License-Identifier: Apache-2.0
// `headwater serve`: the whole server in one process, from the database to the sockets.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "api/api.hpp"
#include "base/limits.hpp"
#include "net/dns_resolver.hpp"
#include "net/server.hpp"
#include "store/db.hpp"

namespace hw {

struct ServeOptions {
    std::string database;
    std::string listen = "127.0.0.1:8080";  // HOST:PORT
    std::vector<std::string> roles{"http", "jobs"};
    ServerOptions server{};
    ApiOptions api{};
    DnsOptions dns{};
    int writers = 8;  // PostgreSQL connections for use cases
    int readers = 4;
    bool async_clicks = false;
    std::vector<std::string> allowed_private{};  // networks that outbound requests may reach
    std::int64_t page_view_days = limits::kPageViewDays;
    std::string log_level = "info";
};

// Serves until SIGTERM or SIGINT, then drains. `started` is called with the address once requests
// are answered. Gives the exit code.
int serve(ServeOptions options,
          const std::function<void(Db&, const std::string& address)>& started);

}  // namespace hw
