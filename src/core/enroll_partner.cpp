// SPDX-License-Identifier: Apache-2.0
#include "core/enroll_partner.hpp"

#include <fmt/format.h>

#include "base/ascii.hpp"
#include "base/fault.hpp"
#include "core/credit_referral.hpp"
#include "core/programs.hpp"
#include "core/run_workflows.hpp"
#include "store/outbox.hpp"

namespace hw {
namespace {

std::unexpected<Error> tenant_id_taken(const std::string& tenant_id) {
    return fail(ErrorCode::Conflict,
                fmt::format("The tenantId '{}' belongs to another partner already.", tenant_id),
                "duplicate_tenant_id");
}

Result<PartnerGroup> choose_group(Tx& tx, const Program& program,
                                  const std::optional<std::string>& group_id) {
    auto group = group_id
                     ? find_group(tx, tx.workspace_id(), *group_id)
                     : find_group_by_slug(tx, tx.workspace_id(), program.program_id, kDefaultGroup);
    if (!group || group->program_id != program.program_id) {
        return fail(ErrorCode::NotFound, "Group not found.", "group_not_found");
    }
    return std::move(*group);
}

// Who brought them must be a partner too, and another one.
Result<void> check_referrer(Tx& tx, const Program& program, const NewPartner& input,
                            const std::optional<Partner>& self) {
    const auto& referrer = input.referred_by_partner_id;
    if (!referrer) return {};
    const bool is_self = self && self->partner_id == *referrer;
    if (!is_self && find_enrollment(tx, tx.workspace_id(), program.program_id, *referrer)) {
        return {};
    }
    return fail(ErrorCode::UnprocessableEntity,
                fmt::format("custom: referredByPartnerId: '{}' is no other partner of this program",
                            *referrer),
                "unknown_referrer");
}

Partner insert_new_partner(Tx& tx, const NewPartner& input) {
    Partner partner{.workspace_id = tx.workspace_id(),
                    .partner_id = tx.new_id("pn_"),
                    .name = input.name.value_or(input.email),
                    .username = input.username,
                    .email = input.email,
                    .image = input.image,
                    .country = input.country,
                    .company_name = input.company_name,
                    .description = input.description,
                    .created_at_ms = tx.now_ms()};
    if (!insert_partner(tx, partner)) {
        throw Fault(FaultKind::Retryable, "partner made meanwhile");
    }
    return partner;
}

// Nothing when nobody is known under the tenant id or e-mail.
Result<std::optional<Enrollment>> find_known(Tx& tx, const Program& program,
                                             const NewPartner& input,
                                             const std::optional<Partner>& by_email) {
    const auto& ws = tx.workspace_id();
    auto enrolled =
        by_email ? find_enrollment(tx, ws, program.program_id, by_email->partner_id) : std::nullopt;
    if (!input.tenant_id) return enrolled;
    auto tenant = find_enrollment_by_tenant_id(tx, ws, program.program_id, *input.tenant_id);
    if (!tenant) {
        if (!enrolled || enrolled->tenant_id) return enrolled;
        // The first word of how the merchant calls them.
        enrolled->tenant_id = input.tenant_id;
        enrolled->updated_at_ms = tx.now_ms();
        update_enrollment(tx, *enrolled);
        return enrolled;
    }
    const bool is_other = by_email && by_email->partner_id != tenant->partner_id;
    if (is_other) return tenant_id_taken(*input.tenant_id);
    return tenant;
}

}  // namespace

Result<void> welcome_partner(Tx& tx, const Enrollment& enrollment, const PartnerLink& links) {
    const auto enrolled = load_partner(tx, enrollment);
    if (enrolled.links.empty()) HW_CHECK(create_default_links(tx, enrolled, links));
    append_outbox(tx, "partner.enrolled", enrollment.partner_id);
    credit_referral(tx, enrollment);
    run_workflows(tx, {.trigger = "partnerEnrolled",
                       .program_id = enrollment.program_id,
                       .partner_id = enrollment.partner_id});
    return {};
}

Result<EnrolledNow> enroll_partner(Tx& tx, const NewPartner& input) {
    const auto program = HW_TRY(required_program(tx));
    auto partner = find_partner_by_email(tx, tx.workspace_id(), input.email);
    if (const auto known = HW_TRY(find_known(tx, program, input, partner))) {
        return EnrolledNow{load_partner(tx, *known), false};
    }
    const auto group = HW_TRY(choose_group(tx, program, input.group_id));
    HW_CHECK(check_referrer(tx, program, input, partner));
    if (!partner) partner = insert_new_partner(tx, input);
    Enrollment enrollment;
    enrollment.workspace_id = tx.workspace_id();
    enrollment.program_id = program.program_id;
    enrollment.partner_id = partner->partner_id;
    enrollment.enrollment_id = tx.new_id("pge_");
    enrollment.group_id = group.group_id;
    enrollment.status = input.status;
    enrollment.tenant_id = input.tenant_id;
    enrollment.created_at_ms = enrollment.updated_at_ms = tx.now_ms();
    enrollment.referred_by_partner_id = input.referred_by_partner_id;
    if (!insert_enrollment(tx, enrollment)) {
        throw Fault(FaultKind::Retryable, "enrolled meanwhile");
    }
    if (enrollment.status == "approved") {
        HW_CHECK(welcome_partner(tx, enrollment, input.links));
        // A workflow may have moved them to another group.
        const auto welcomed =
            find_enrollment(tx, tx.workspace_id(), program.program_id, partner->partner_id);
        HW_ASSERT(welcomed);
        enrollment = *welcomed;
    }
    return EnrolledNow{load_partner(tx, enrollment), true};
}

}  // namespace hw
