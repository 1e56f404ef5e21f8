// SPDX-License-Identifier: Apache-2.0
#include "core/create_commission.hpp"

#include <fmt/format.h>

#include "base/fault.hpp"
#include "core/decide_conversion.hpp"
#include "core/settle_commission.hpp"
#include "core/track_lead.hpp"
#include "store/outbox.hpp"
#include "store/partners.hpp"
#include "store/programs.hpp"
#include "store/workspaces.hpp"

namespace hw {
namespace {

std::unexpected<Error> not_found(std::string message, std::string reason) {
    return fail(ErrorCode::NotFound, std::move(message), std::move(reason));
}

Result<Enrollment> enrollment_of(Tx& tx, const std::string& partner_id) {
    const auto program = default_program(tx, tx.workspace_id());
    if (!program) return not_found("Program not found", "program_not_found");
    auto enrollment = find_enrollment(tx, tx.workspace_id(), program->program_id, partner_id);
    if (!enrollment) {
        return not_found(fmt::format("Partner {} is not enrolled in this program.", partner_id),
                         "partner_not_enrolled");
    }
    return std::move(*enrollment);
}

Result<Link> link_of(Tx& tx, const CommissionFor& whose) {
    const auto link_id = whose.link_id
                             ? whose.link_id
                             : best_link_of_partner(tx, tx.workspace_id(), whose.partner_id);
    auto link = link_id ? find_link(tx, tx.workspace_id(), *link_id) : std::optional<Link>{};
    if (link && link->partner_id == whose.partner_id) return std::move(*link);
    if (whose.link_id) {
        return not_found(
            fmt::format("Link {} is not a link of partner {}.", *whose.link_id, whose.partner_id),
            "link_not_found");
    }
    return not_found(fmt::format("Partner {} has no link: create one first.", whose.partner_id),
                     "link_not_found");
}

Result<Customer> customer_of(Tx& tx, const CommissionFor& whose, const Link& link) {
    if (whose.customer_id) {
        auto customer = find_customer(tx, tx.workspace_id(), *whose.customer_id);
        if (customer) return std::move(*customer);
        return not_found(fmt::format("Customer {} not found.", *whose.customer_id),
                         "customer_not_found");
    }
    HW_ASSERT(whose.customer);
    auto known = find_customer_by_external_id(tx, tx.workspace_id(), whose.customer->external_id);
    return known ? std::move(*known) : create_customer(tx, *whose.customer, &link, nullptr);
}

// The decision of a person: this link, for no touch.
Match match_of(Link link) {
    Match match;
    match.rung = kManualRung;
    match.confidence = "certain";
    match.candidates = {{.rung = std::string(kManualRung),
                         .verdict = "taken",
                         .touch_id = {},
                         .link_id = link.link_id,
                         .touched_at_ms = {},
                         .lead_id = {}}};
    match.link = std::move(link);
    return match;
}

struct Told {
    Customer customer;
    Match match;
};

Result<Told> told_of(Tx& tx, const CommissionFor& whose) {
    HW_TRY(enrollment_of(tx, whose.partner_id));
    auto link = HW_TRY(link_of(tx, whose));
    auto customer = HW_TRY(customer_of(tx, whose, link));
    return Told{std::move(customer), match_of(std::move(link))};
}

std::optional<Commission> commission_for(Tx& tx, const std::string& conversion_id,
                                         const std::string& partner_id) {
    for (auto& commission : commissions_of_conversion(tx, tx.workspace_id(), conversion_id)) {
        if (commission.partner_id == partner_id) return std::move(commission);
    }
    return std::nullopt;
}

}  // namespace

Result<Commission> create_custom_commission(Tx& tx, const CustomCommission& input) {
    const auto enrollment = HW_TRY(enrollment_of(tx, input.partner_id));
    const auto workspace = find_workspace(tx, tx.workspace_id());
    HW_ASSERT(workspace);
    Commission commission;
    commission.workspace_id = tx.workspace_id();
    commission.commission_id = tx.new_id("cm_");
    commission.program_id = enrollment.program_id;
    commission.partner_id = input.partner_id;
    commission.kind = "custom";
    commission.earnings = input.amount;
    commission.currency = workspace->currency;
    if (!input.description.empty()) commission.description = input.description;
    commission.user_id = input.decided_by;
    commission.occurred_at_ms = input.at_ms.value_or(tx.now_ms());
    commission.matures_at_ms = commission.occurred_at_ms;  // nothing to wait for
    commission.created_at_ms = tx.now_ms();
    insert_commission(tx, commission);
    settle_commission(tx, commission, "accrual");
    append_outbox(tx, "commission.created", commission.commission_id);
    return commission;
}

Result<std::optional<Commission>> create_lead_commission(Tx& tx, const LeadCommission& input) {
    const auto [customer, match] = HW_TRY(told_of(tx, input.whose));
    const auto lead_id = record_lead(tx,
                                     {.event_name = input.event_name,
                                      .metadata = input.metadata,
                                      .quantity = 1,
                                      .source = std::string(kManualRung),
                                      .told_click_id = {},
                                      .occurred_at_ms = input.whose.at_ms},
                                     customer, match);
    if (!lead_id) return std::nullopt;
    return commission_for(tx, *lead_id, input.whose.partner_id);
}

Result<std::optional<Commission>> create_sale_commission(Tx& tx, const SaleCommission& input) {
    const auto [customer, match] = HW_TRY(told_of(tx, input.whose));
    auto sale = input.sale;
    sale.customer.external_id = customer.external_id;
    sale.occurred_at_ms = input.whose.at_ms;
    const auto recorded = record_sale(tx, sale, customer, match);
    if (!recorded) {
        return fail(ErrorCode::Conflict,
                    fmt::format("There is already a commission for the invoice {}.",
                                sale.invoice_id.value_or("")),
                    "invoice_taken");
    }
    return commission_for(tx, recorded->conversion_id, input.whose.partner_id);
}

}  // namespace hw
