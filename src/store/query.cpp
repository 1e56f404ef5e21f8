// SPDX-License-Identifier: Apache-2.0
#include "store/query.hpp"

#include <algorithm>
#include <utility>

namespace hw {
namespace {

// The list of statements. Filled by static constructors before main() and never changed after.
constinit const Query* first_query = nullptr;  // tidy: global ok: filled before main() starts
constinit std::size_t query_count = 0;         // tidy: global ok: filled before main() starts

}  // namespace

Query::Query(std::string_view query_name, std::string sql) : Query(query_name, sql, {}) {
    postgres_sql_ = std::move(sql);
}

Query::Query(std::string_view query_name, std::string sqlite_text, std::string postgres_text)
    : name_(query_name),
      sqlite_sql_(std::move(sqlite_text)),
      postgres_sql_(std::move(postgres_text)),
      index_(query_count++),
      next_(first_query) {
    first_query = this;
}

std::vector<const Query*> all_queries() {
    std::vector<const Query*> found;
    for (const auto* query = first_query; query != nullptr; query = query->next_) {
        found.push_back(query);
    }
    std::ranges::sort(found, {}, [](const Query* query) { return query->name(); });
    return found;
}

}  // namespace hw
