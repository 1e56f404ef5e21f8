// SPDX-License-Identifier: Apache-2.0
// The database as commands use it: opened for as long as one of them runs, in the operator's name.
#pragma once

#include <string>
#include <utility>

#include "api/event_payloads.hpp"
#include "app/system_env.hpp"
#include "base/error.hpp"
#include "store/db.hpp"
#include "store/workspaces.hpp"

namespace hw {

enum class Schema : std::uint8_t {
    Migrate,  // made, or brought to this binary's version
    Demand,   // must be current; nothing is made. A Fault says which command makes it so
};

class CommandDb {
  public:
    CommandDb(const std::string& url, Schema schema);

    // A use case in one transaction. By default the operator's, who sees every workspace.
    template <class F>
    auto write(F work, std::string workspace_id = std::string(kOperator)) {
        using R = decltype(work(std::declval<Tx&>()));
        return db_.write_now<typename R::value_type>(std::move(workspace_id), std::move(work));
    }
    template <class F>
    auto read(F work, std::string workspace_id = std::string(kOperator)) {
        using R = decltype(work(std::declval<Tx&>()));
        return db_.read_now<typename R::value_type>(std::move(workspace_id), std::move(work));
    }

    // The workspace of that slug or id; without a name the only one there is. The error lists them.
    Result<Workspace> workspace(const std::string& name);

    Db& db() { return db_; }

  private:
    SystemEnv env_;
    JsonEventPayloads payloads_;
    Db db_;
};

// Says on stderr what went wrong and gives the exit code.
int refused(const Error& error);

}  // namespace hw
