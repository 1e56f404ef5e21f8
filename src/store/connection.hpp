// SPDX-License-Identifier: Apache-2.0
// One connection to a database, used by one thread at a time. Faults are thrown (base/fault.hpp).
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/function_ref.hpp"
#include "store/query.hpp"
#include "store/row.hpp"

namespace hw {

enum class Access : std::uint8_t { ReadOnly, ReadWrite };

// Sees every workspace: only for the operator's own statements (spec: no statement touches two
// workspaces, except those of the operator).
inline constexpr std::string_view kOperator = "*";

class Connection {
  public:
    virtual ~Connection() = default;

    virtual EngineKind engine() const = 0;

    // Starts a transaction that may see the rows of `workspace_id` only. (On SQLite the limit rests
    // on the statements; PostgreSQL enforces it with Row Level Security.)
    virtual void begin(std::string_view workspace_id) = 0;
    virtual void commit() = 0;  // returns when it is durable
    // Ends the transaction in any case. Then throws the fault of a delayed statement that nobody
    // has heard of yet, see exec().
    virtual void rollback() = 0;

    virtual void savepoint() = 0;
    virtual void release_savepoint() = 0;
    virtual void rollback_to_savepoint() = 0;  // and releases it; what failed since is forgotten

    // Runs a statement whose rows nobody reads. PostgreSQL may delay it until the next query or
    // commit, where its faults then appear.
    virtual void exec(const Query& query, std::span<const Param> params) = 0;

    // Runs a statement and hands each row to `on_row`, which may run other statements but not this
    // one.
    virtual void query(const Query& query, std::span<const Param> params,
                       FunctionRef<void(const Row&)> on_row) = 0;

    // Runs SQL text as it stands, several statements allowed: migrations and maintenance.
    virtual void run_script(std::string_view sql) = 0;

    // Runs a statement whose text was made at run time, for backups: it follows the schema. Rows
    // are handed out as they arrive, however many there are; `on_row` runs no statement.
    virtual void stream(std::string_view sql, FunctionRef<void(const Row&)> on_row) = 0;

    // As exec() for a text made at run time. The last text stays compiled.
    virtual void exec_text(std::string_view sql, std::span<const Param> params) = 0;

    // Compiles the statement; a fault names it. For the conformance test and `headwater sql`.
    virtual void prepare(const Query& query) = 0;

    // One line per step of the engine's plan.
    virtual std::string explain(const Query& query) = 0;
};

// `url` is "sqlite:PATH" or "postgres://...". The transactions of a read-only connection see one
// snapshot and refuse to write.
std::unique_ptr<Connection> connect(std::string_view url, Access access);

// As the role of the URL, which owns the tables and is not bound by Row Level Security: for
// migrations and backups. Everything else uses connect().
std::unique_ptr<Connection> connect_as_owner(std::string_view url);

EngineKind engine_of(std::string_view url);  // a Fault for any other scheme

}  // namespace hw
