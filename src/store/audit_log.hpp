// SPDX-License-Identifier: Apache-2.0
// Who changed what that is no fact of its own. Append-only.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "store/tx.hpp"

namespace hw {

struct AuditEntry {
    std::string actor;  // the id of an API key, or "command"
    std::string action;
    std::string subject_id;
    std::string detail;  // for people
};

void insert_audit_entry(Tx& tx, const AuditEntry& entry);

// Newest first.
std::vector<AuditEntry> list_audit_entries(Tx& tx, std::int64_t limit);

}  // namespace hw
