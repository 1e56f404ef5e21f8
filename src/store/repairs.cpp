// SPDX-License-Identifier: Apache-2.0
#include "store/repairs.hpp"

namespace hw {
namespace {

const Query kInsertRepair{"insert_repair", R"sql(
insert into repairs (workspace_id, repair_id, kind, actor, at_ms, conversions)
values ($1, $2, $3, $4, $5, $6)
)sql"};

const Query kInsertRepairItem{"insert_repair_item", R"sql(
insert into repair_items (workspace_id, repair_id, conversion_id, seq_before, seq_after)
values ($1, $2, $3, $4, $5)
)sql"};

const Query kFindRepair{"find_repair", R"sql(
select repair_id, kind, actor, at_ms, conversions, undone_at_ms, undone_by
from repairs where workspace_id = $1 and repair_id = $2
)sql"};

const Query kListRepairs{"list_repairs", R"sql(
select repair_id, kind, actor, at_ms, conversions, undone_at_ms, undone_by
from repairs where workspace_id = $1 and ($2 = '' or repair_id < $2)
order by repair_id desc limit $3
)sql"};

const Query kItemsOfRepair{"items_of_repair", R"sql(
select conversion_id, seq_before, seq_after from repair_items
where workspace_id = $1 and repair_id = $2 order by conversion_id
)sql"};

const Query kMarkRepairUndone{"mark_repair_undone", R"sql(
update repairs set undone_at_ms = $3, undone_by = $4
where workspace_id = $1 and repair_id = $2 and undone_at_ms is null returning 1
)sql"};

Repair repair_from(const Row& row) {
    return {.repair_id = row.text(0),
            .kind = row.text(1),
            .actor = row.text(2),
            .at_ms = row.int64(3),
            .conversions = row.int64(4),
            .undone_at_ms = row.optional_int64(5),
            .undone_by = row.optional_text(6)};
}

}  // namespace

void insert_repair(Tx& tx, const Repair& repair, const std::vector<RepairItem>& items) {
    tx.exec(kInsertRepair, tx.workspace_id(), repair.repair_id, repair.kind, repair.actor,
            repair.at_ms, repair.conversions);
    for (const auto& item : items) {
        tx.exec(kInsertRepairItem, tx.workspace_id(), repair.repair_id, item.conversion_id,
                item.seq_before, item.seq_after);
    }
}

std::optional<Repair> find_repair(Tx& tx, std::string_view repair_id) {
    return tx.first(kFindRepair, repair_from, tx.workspace_id(), repair_id);
}

std::vector<RepairItem> items_of_repair(Tx& tx, std::string_view repair_id) {
    return tx.all(
        kItemsOfRepair,
        [](const Row& row) { return RepairItem{row.text(0), row.int64(1), row.int64(2)}; },
        tx.workspace_id(), repair_id);
}

std::vector<Repair> list_repairs(Tx& tx, std::string_view before_id, std::int64_t limit) {
    return tx.all(kListRepairs, repair_from, tx.workspace_id(), before_id, limit);
}

bool mark_repair_undone(Tx& tx, std::string_view repair_id, std::string_view actor) {
    return tx.any(kMarkRepairUndone, tx.workspace_id(), repair_id, tx.now_ms(), actor);
}

}  // namespace hw
