// SPDX-License-Identifier: Apache-2.0
// Named statements. Each is a constant beside the function that runs it; all of them are listed, so
// that a test prepares every one on both engines and `headwater sql` can show and explain them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hw {

enum class EngineKind : std::uint8_t { Sqlite, Postgres };

class Query {
  public:
    // `name` is snake_case and unique. Parameters are $1..$n, bound by number on both engines.
    Query(std::string_view name, std::string sql);

    // Where the engines must differ; the reason stands in a comment at the constant. An empty text
    // means that this engine does not need the statement.
    Query(std::string_view name, std::string sqlite_sql, std::string postgres_sql);

    Query(const Query&) = delete;
    Query& operator=(const Query&) = delete;

    std::string_view name() const { return name_; }
    std::string_view sql(EngineKind engine) const {
        return engine == EngineKind::Sqlite ? sqlite_sql_ : postgres_sql_;
    }
    std::size_t index() const { return index_; }  // position in every connection's statement cache

  private:
    friend std::vector<const Query*> all_queries();

    std::string_view name_;
    std::string sqlite_sql_;
    std::string postgres_sql_;
    std::size_t index_;
    const Query* next_;
};

// Every statement of the program, sorted by name.
std::vector<const Query*> all_queries();

}  // namespace hw
