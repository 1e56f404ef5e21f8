// SPDX-License-Identifier: Apache-2.0
// The first answer to a request that may be told twice: kept for ever, in the transaction of the
// work itself. A second request with the key waits for the first one's commit and gets its answer.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "store/tx.hpp"

namespace hw {

struct StoredAnswer {
    std::string request_hash;  // of the request that was answered
    std::int64_t status = 200;
    std::string body;
};

// Claims the key for this transaction. Nothing: the caller does the work and calls store_answer or
// release_key. Otherwise the answer that stands.
std::optional<StoredAnswer> claim_key(Tx& tx, std::string_view scope, std::string_view key,
                                      std::string_view request_hash);
void store_answer(Tx& tx, std::string_view scope, std::string_view key, std::int64_t status,
                  std::string_view body);

// For an answer that must not stand: the next request with the key does the work again.
void release_key(Tx& tx, std::string_view scope, std::string_view key);

// The greatest key that was answered in the scope.
std::optional<std::string> last_answered_key(Tx& tx, std::string_view scope);

}  // namespace hw
