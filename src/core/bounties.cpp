// SPDX-License-Identifier: Apache-2.0
#include "core/bounties.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/civil_time.hpp"
#include "store/outbox.hpp"
#include "store/programs.hpp"
#include "store/workflows.hpp"

namespace hw {
namespace {

Result<void> check_groups(Tx& tx, const Bounty& bounty) {
    for (const auto& id : bounty.group_ids) {
        const auto group = find_group(tx, tx.workspace_id(), id);
        if (group && group->program_id == bounty.program_id) continue;
        return fail(ErrorCode::UnprocessableEntity,
                    fmt::format("invalid_value: groupIds: there is no group {} in program {}", id,
                                bounty.program_id),
                    "group_not_found");
    }
    return {};
}

Result<void> apply(Tx& tx, Bounty& bounty, const BountyFields& fields) {
    bounty.name = fields.name.value_or(bounty.name);
    if (fields.description) bounty.description = *fields.description;
    if (fields.reward_amount) bounty.reward_amount = *fields.reward_amount;
    if (fields.group_ids) bounty.group_ids = *fields.group_ids;
    bounty.submissions_max = fields.submissions_max.value_or(bounty.submissions_max);
    bounty.starts_at_ms = fields.starts_at_ms.value_or(bounty.starts_at_ms);
    if (fields.ends_at_ms) bounty.ends_at_ms = *fields.ends_at_ms;
    if (fields.archived) {
        bounty.archived_at_ms = *fields.archived ? std::optional(tx.now_ms()) : std::nullopt;
    }
    bounty.updated_at_ms = tx.now_ms();
    if (bounty.ends_at_ms && *bounty.ends_at_ms <= bounty.starts_at_ms) {
        return fail(ErrorCode::UnprocessableEntity,
                    fmt::format("invalid_value: endsAt: {} is not after startsAt, {}",
                                time_text(*bounty.ends_at_ms), time_text(bounty.starts_at_ms)),
                    "invalid_field");
    }
    return check_groups(tx, bounty);
}

Result<Bounty> existing(Tx& tx, std::string_view bounty_id) {
    auto bounty = find_bounty(tx, tx.workspace_id(), bounty_id);
    if (!bounty) return fail(ErrorCode::NotFound, "Bounty not found.", "bounty_not_found");
    return std::move(*bounty);
}

}  // namespace

Result<Bounty> create_bounty(Tx& tx, const BountyFields& fields) {
    const auto program = fields.program_id ? find_program(tx, tx.workspace_id(), *fields.program_id)
                                           : default_program(tx, tx.workspace_id());
    if (!program) return fail(ErrorCode::NotFound, "Program not found", "program_not_found");
    Bounty bounty;
    bounty.workspace_id = tx.workspace_id();
    bounty.bounty_id = tx.new_id("bnty_");
    bounty.program_id = program->program_id;
    bounty.kind = fields.kind.value_or("submission");
    bounty.starts_at_ms = bounty.created_at_ms = tx.now_ms();
    HW_CHECK(apply(tx, bounty, fields));
    insert_bounty(tx, bounty);
    append_outbox(tx, "bounty.created", bounty.bounty_id);
    return bounty;
}

Result<Bounty> change_bounty(Tx& tx, std::string_view bounty_id, const BountyFields& fields) {
    auto bounty = HW_TRY(existing(tx, bounty_id));
    HW_CHECK(apply(tx, bounty, fields));
    update_bounty(tx, bounty);
    append_outbox(tx, "bounty.updated", bounty.bounty_id);
    return bounty;
}

Result<std::string> remove_bounty(Tx& tx, std::string_view bounty_id) {
    const auto bounty = HW_TRY(existing(tx, bounty_id));
    if (has_submissions(tx, bounty_id)) {
        return fail(ErrorCode::Conflict,
                    fmt::format("Bounty {} has submissions: archive it instead.", bounty_id),
                    "bounty_in_use");
    }
    const auto workflows = list_workflows(tx, tx.workspace_id());
    const auto user = std::ranges::find(workflows, bounty.bounty_id, &Workflow::subject_id);
    if (user != workflows.end()) {
        return fail(ErrorCode::Conflict,
                    fmt::format("Workflow {} ({}) awards bounty {}: delete it first.",
                                user->workflow_id, user->name, bounty_id),
                    "bounty_in_use");
    }
    delete_bounty(tx, tx.workspace_id(), bounty_id);
    return bounty.bounty_id;
}

}  // namespace hw
