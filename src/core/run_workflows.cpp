// SPDX-License-Identifier: Apache-2.0
#include "core/run_workflows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "base/civil_time.hpp"
#include "core/bounty_submissions.hpp"
#include "core/workflow_conditions.hpp"
#include "store/bounties.hpp"
#include "store/commissions.hpp"
#include "store/outbox.hpp"
#include "store/partners.hpp"
#include "store/programs.hpp"
#include "store/workflows.hpp"

namespace hw {
namespace {

constexpr std::string_view kSendCampaign = "sendCampaign";

// What this transaction counted for the partner, which no read of the totals sees yet.
PartnerTotals pending_totals(Tx& tx, std::string_view partner_id) {
    PartnerTotals totals;
    const auto& counted = tx.counters().links();
    std::vector<std::string> ids;
    for (const auto& [key, counts] : counted) {
        if (key.workspace_id == tx.workspace_id()) ids.push_back(key.link_id);
    }
    if (ids.empty()) return totals;
    for (const auto& link : find_links(tx, tx.workspace_id(), ids)) {
        if (link.partner_id != partner_id) continue;
        const auto& counts = counted.at({tx.workspace_id(), link.link_id});
        totals.leads += counts.leads;
        totals.conversions += counts.conversions;
        totals.sale_amount += counts.sale_amount;
    }
    return totals;
}

PartnerStanding standing_of(Tx& tx, const Enrollment& enrollment) {
    const auto totals = totals_of_partner(tx, tx.workspace_id(), enrollment.partner_id);
    const auto pending = pending_totals(tx, enrollment.partner_id);
    return {.leads = totals.leads + pending.leads,
            .conversions = totals.conversions + pending.conversions,
            .sale_amount = totals.sale_amount + pending.sale_amount,
            .commissions = earned_by_partner(tx, tx.workspace_id(), enrollment.partner_id),
            .enrolled_days = (tx.now_ms() - enrollment.created_at_ms) / kDayMs,
            .joined_ms = enrollment.created_at_ms,
            .group_id = enrollment.group_id};
}

// One partner of a programme, whose totals are read when the first workflow asks for them.
class PartnerRuns {
  public:
    PartnerRuns(Tx& tx, std::string_view trigger, Enrollment enrollment)
        : tx_(tx), trigger_(trigger), enrollment_(std::move(enrollment)) {}

    bool run(const Workflow& workflow) {
        WorkflowRun run{.run_id = tx_.new_id("wfr_"),
                        .workflow_id = workflow.workflow_id,
                        .partner_id = enrollment_.partner_id,
                        .subject_id = workflow.subject_id,
                        .trigger = std::string(trigger_),
                        .detail = {},
                        .at_ms = tx_.now_ms()};
        if (has_workflow_run(tx_, run)) return false;
        if (!standing_) standing_ = standing_of(tx_, enrollment_);
        if (!all_hold(workflow.conditions, *standing_)) return false;
        const auto detail = act(workflow);
        if (!detail) return false;
        run.detail = *detail;
        if (!insert_workflow_run(tx_, run)) return false;
        if (workflow.action == kSendCampaign) append_outbox(tx_, "campaign.triggered", run.run_id);
        return true;
    }

  private:
    // What was done; nothing when there is nothing to do, or not yet.
    std::optional<std::string> act(const Workflow& workflow) {
        if (workflow.action == "moveGroup") return move_group(workflow.subject_id);
        if (workflow.action == "awardBounty") return award(workflow);
        return fmt::format("campaign {} sent", workflow.subject_id);
    }

    std::optional<std::string> move_group(const std::string& group_id) {
        if (enrollment_.group_id == group_id) return std::nullopt;
        const auto group = find_group(tx_, tx_.workspace_id(), group_id);
        if (!group || group->program_id != enrollment_.program_id) return std::nullopt;
        auto detail = fmt::format("moved from group {} to {}", enrollment_.group_id, group_id);
        enrollment_.group_id = group_id;
        enrollment_.updated_at_ms = tx_.now_ms();
        update_enrollment(tx_, enrollment_);
        standing_->group_id = group_id;
        return detail;
    }

    std::optional<std::string> award(const Workflow& workflow) {
        const auto count = number_of(workflow.conditions.at(0).attribute, *standing_);
        const auto submission = award_bounty(tx_, workflow.subject_id, enrollment_, count);
        if (!submission) return std::nullopt;
        return fmt::format("submission {} of bounty {}", submission->submission_id,
                           workflow.subject_id);
    }

    Tx& tx_;
    std::string_view trigger_;
    Enrollment enrollment_;
    std::optional<PartnerStanding> standing_;
};

}  // namespace

std::int64_t run_workflows(Tx& tx, const WorkflowEvent& event) {
    auto workflows = workflows_of_trigger(tx, tx.workspace_id(), event.trigger);
    std::erase_if(workflows, [&](const Workflow& workflow) {
        return workflow.program_id != event.program_id;
    });
    if (workflows.empty() || !lock_enrollment(tx, event.program_id, event.partner_id)) return 0;
    auto enrollment = find_enrollment(tx, tx.workspace_id(), event.program_id, event.partner_id);
    if (!enrollment || enrollment->status != "approved") return 0;
    PartnerRuns runs(tx, event.trigger, std::move(*enrollment));
    return std::ranges::count_if(workflows,
                                 [&](const Workflow& workflow) { return runs.run(workflow); });
}

void run_workflows_of_link(Tx& tx, std::string_view trigger, const Link& link) {
    if (!link.program_id || !link.partner_id) return;
    run_workflows(
        tx, {.trigger = trigger, .program_id = *link.program_id, .partner_id = *link.partner_id});
}

std::string run_scheduled_workflows(Tx& tx, std::string_view after, std::int64_t limit) {
    const auto slash = std::min(after.find('/'), after.size());
    const auto last_workflow = after.substr(0, slash);
    const auto last_partner = after.substr(std::min(slash + 1, after.size()));
    for (const auto& workflow : workflows_of_trigger(tx, tx.workspace_id(), "scheduled")) {
        if (workflow.workflow_id < last_workflow) continue;
        const auto begin = workflow.workflow_id == last_workflow ? last_partner : "";
        const auto partners = partners_without_run(tx, workflow, begin, limit);
        for (const auto& partner_id : partners) {
            if (!lock_enrollment(tx, workflow.program_id, partner_id)) continue;
            auto enrollment =
                find_enrollment(tx, tx.workspace_id(), workflow.program_id, partner_id);
            if (!enrollment || enrollment->status != "approved") continue;
            PartnerRuns(tx, "scheduled", std::move(*enrollment)).run(workflow);
        }
        if (!partners.empty()) return workflow.workflow_id + "/" + partners.back();
    }
    return {};
}

}  // namespace hw
