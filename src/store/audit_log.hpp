// SPDX-License-Identifier: Apache-2.0
// What people changed that moves money or decisions: who, what and when. Append-only.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "store/tx.hpp"

namespace hw {

struct AuditEntry {
    std::string audit_id{};  // given by append_audit_entry
    std::int64_t at_ms = 0;  // likewise
    std::string actor;       // id of the API key, or "command line"
    std::string action;      // for example "attribution_policy.updated"
    std::string subject_id;  // what it was done to
    std::string detail;      // for people
};

void append_audit_entry(Tx& tx, const AuditEntry& entry);

// Newest first, before that id ('' for the newest).
std::vector<AuditEntry> list_audit_entries(Tx& tx, std::string_view before_id, std::int64_t limit);

}  // namespace hw
