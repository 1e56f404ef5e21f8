// SPDX-License-Identifier: Apache-2.0
// The conversion log: every request to /track/* with its outcome, errors included.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/tx.hpp"

namespace hw {

struct LogEntry {
    std::string log_id;
    std::int64_t at_ms = 0;
    std::string method;
    std::string path;
    std::int64_t status = 0;
    std::string reason;  // empty when accepted
    std::optional<std::string> conversion_id;
    std::string request_id;
    std::string request_body;
    std::string response_body;
};

void insert_log_entry(Tx& tx, const LogEntry& entry);

// Newest first.
std::vector<LogEntry> list_log_entries(Tx& tx, std::string_view workspace_id, std::int64_t limit,
                                       std::int64_t offset);

}  // namespace hw
