// SPDX-License-Identifier: Apache-2.0
// Applications of the automatic repair and of replays: who decided which conversions again, so that
// one can be undone.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/tx.hpp"

namespace hw {

struct Repair {
    std::string repair_id;
    std::string kind;   // "fix" or "replay"
    std::string actor;  // who
    std::int64_t at_ms = 0;
    std::int64_t conversions = 0;  // how many were decided otherwise
    std::optional<std::int64_t> undone_at_ms;
    std::optional<std::string> undone_by;
};

struct RepairItem {
    std::string conversion_id;
    std::int64_t seq_before = 0;  // of the decision that stood before
    std::int64_t seq_after = 0;   // of the one that the repair made
};

void insert_repair(Tx& tx, const Repair& repair, const std::vector<RepairItem>& items);
std::optional<Repair> find_repair(Tx& tx, std::string_view repair_id);
std::vector<RepairItem> items_of_repair(Tx& tx, std::string_view repair_id);
// Newest first, before that id ('' for the newest).
std::vector<Repair> list_repairs(Tx& tx, std::string_view before_id, std::int64_t limit);
// False: it was undone before.
bool mark_repair_undone(Tx& tx, std::string_view repair_id, std::string_view actor);

}  // namespace hw
