// SPDX-License-Identifier: Apache-2.0
#include "api/program_event_data.hpp"

#include "api/bounty_json.hpp"
#include "api/partner_event_data.hpp"
#include "api/partner_json.hpp"
#include "api/payout_json.hpp"
#include "api/reward_json.hpp"
#include "base/fault.hpp"
#include "store/discount_codes.hpp"
#include "store/discounts.hpp"
#include "store/programs.hpp"
#include "store/workflows.hpp"

namespace hw {
namespace {

EnrolledPartner enrolled_in(Tx& tx, std::string_view program_id, std::string_view partner_id) {
    const auto enrollment = find_enrollment(tx, tx.workspace_id(), program_id, partner_id);
    HW_ASSERT(enrollment);
    return load_partner(tx, *enrollment);
}

// Runs are looked up by their workflow, of which there are few.
WorkflowRun run_of(Tx& tx, std::string_view run_id) {
    for (const auto& workflow : list_workflows(tx, tx.workspace_id())) {
        if (auto run = find_workflow_run(tx, workflow.workflow_id, run_id)) return std::move(*run);
    }
    HW_ASSERT(false);
    return {};
}

}  // namespace

json::object enrolled_data(Tx& tx, std::string_view partner_id) {
    const auto program = default_program(tx, tx.workspace_id());
    HW_ASSERT(program);
    return enrolled_partner_json(enrolled_in(tx, program->program_id, partner_id));
}

json::object application_data(Tx& tx, std::string_view application_id) {
    const auto application = find_application(tx, tx.workspace_id(), application_id);
    HW_ASSERT(application);
    return application_json(enrolled_in(tx, application->program_id, application->partner_id),
                            *application);
}

json::object payout_data(Tx& tx, std::string_view payout_id) {
    const auto view = get_payout(tx, payout_id);
    HW_ASSERT(view);
    auto data = payout_json(*view);
    data.erase("failureReason");
    const auto& payout = view->listed.payout;
    const auto enrollment =
        find_enrollment(tx, tx.workspace_id(), payout.program_id, payout.partner_id);
    const auto& partner = view->partner;
    data["partner"] = json::object{
        {"id", partner.partner_id},
        {"name", partner.name},
        {"email", text_or_null(partner.email)},
        {"image", text_or_null(partner.image)},
        {"country", text_or_null(partner.country)},
        {"tenantId", text_or_null(view->tenant_id)},
        {"status", enrollment ? json::value(enrollment->status) : json::value(nullptr)}};
    return data;
}

json::object discount_code_data(Tx& tx, std::string_view discount_code_id) {
    const auto code = find_discount_code(tx, tx.workspace_id(), discount_code_id);
    HW_ASSERT(code);
    const auto found =
        code->discount_id ? find_discount(tx, tx.workspace_id(), *code->discount_id) : std::nullopt;
    json::value discount = nullptr;
    if (found) {
        const auto whole = discount_json(*found);
        json::object part;
        for (const auto* name : {"id", "amount", "type", "maxDuration", "provider"}) {
            part[name] = whole.at(name);
        }
        discount = std::move(part);
    }
    return {{"id", code->discount_code_id},
            {"code", code->code},
            {"partnerId", code->partner_id},
            {"linkId", code->link_id},
            {"disabledAt", time_or_null(code->disabled_at_ms)},
            {"discount", std::move(discount)}};
}

json::object bounty_data(Tx& tx, std::string_view bounty_id) {
    const auto bounty = find_bounty(tx, tx.workspace_id(), bounty_id);
    HW_ASSERT(bounty);
    return bounty_json(*bounty);
}

json::object campaign_data(Tx& tx, std::string_view run_id) {
    const auto run = run_of(tx, run_id);
    const auto workflow = find_workflow(tx, tx.workspace_id(), run.workflow_id);
    HW_ASSERT(workflow);
    auto partner = event_partner(tx, workflow->program_id, run.partner_id);
    return {{"id", run.run_id},
            {"campaignId", run.subject_id},
            {"workflowId", run.workflow_id},
            {"workflowName", workflow->name},
            {"trigger", run.trigger},
            {"createdAt", time_or_null(run.at_ms)},
            {"partner", partner ? json::value(std::move(*partner)) : nullptr}};
}

}  // namespace hw
