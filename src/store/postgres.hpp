// SPDX-License-Identifier: Apache-2.0
// The PostgreSQL driver: libpq in pipeline mode. Statements that nobody reads from wait and leave
// together with the next query or with COMMIT, so a use case costs as many round trips as it has
// decisions, not as it has statements.
#pragma once

#include <memory>
#include <string>

#include "store/connection.hpp"

namespace hw {

class PostgresConnection : public Connection {
  public:
    // Waits at most `timeout_ms` for a notification (LISTEN through run_script); calls `on_payload`
    // for each one. Outside of transactions only.
    virtual void wait_notifications(int timeout_ms,
                                    FunctionRef<void(std::string_view payload)> on_payload) = 0;
};

// Bound: as headwater_app, the role that Row Level Security binds. Owner: as the URL says.
enum class PostgresRole : std::uint8_t { Bound, Owner };

std::unique_ptr<PostgresConnection> connect_postgres(const std::string& url,
                                                     PostgresRole role = PostgresRole::Bound,
                                                     Access access = Access::ReadWrite);

}  // namespace hw
