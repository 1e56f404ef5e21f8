// SPDX-License-Identifier: Apache-2.0
#include "core/partner_applications.hpp"

#include <fmt/format.h>

#include "base/civil_time.hpp"
#include "core/programs.hpp"
#include "store/outbox.hpp"

namespace hw {
namespace {

constexpr std::int64_t kStandardWaitMs = 30 * kDayMs;

std::optional<PartnerApplication> latest_of(Tx& tx, const Enrollment& enrollment) {
    const std::vector<std::string> ids{enrollment.partner_id};
    auto all = applications_of_partners(tx, enrollment.workspace_id, ids);
    std::erase_if(all, [&](const auto& one) { return one.program_id != enrollment.program_id; });
    return all.empty() ? std::nullopt : std::optional(std::move(all.back()));
}

Result<Enrollment> waiting_for(Tx& tx, const std::string& partner_id) {
    auto enrollment = HW_TRY(find_enrolled(tx, {.partner_id = partner_id, .tenant_id = {}}));
    if (enrollment.status == "pending") return enrollment;
    return fail(ErrorCode::BadRequest,
                fmt::format("The partner has no application that waits for a decision: they are "
                            "{}.",
                            enrollment.status),
                "not_pending");
}

// Whether somebody who was turned down may ask again.
Result<void> check_reapplication(Tx& tx, const Enrollment& enrollment,
                                 const std::optional<PartnerApplication>& before) {
    if (enrollment.status != "rejected") {
        return fail(ErrorCode::Conflict,
                    fmt::format("This e-mail belongs to a partner already: they are {}.",
                                enrollment.status),
                    "already_enrolled");
    }
    if (!before || (before->reapply_at_ms && *before->reapply_at_ms <= tx.now_ms())) return {};
    return fail(ErrorCode::Conflict,
                before->reapply_at_ms
                    ? fmt::format("The last application was rejected: apply again from {}.",
                                  date_text(*before->reapply_at_ms))
                    : "The last application was rejected for good.",
                "rejected_before");
}

void decide(Tx& tx, PartnerApplication application, std::string_view verdict) {
    application.verdict = verdict;
    application.reviewed_at_ms = tx.now_ms();
    review_application(tx, application);
}

}  // namespace

Result<Application> submit_application(Tx& tx, const NewPartner& partner,
                                       const std::string& form_data) {
    auto input = partner;
    input.status = "pending";
    auto made = HW_TRY(enroll_partner(tx, input));
    auto enrollment = made.enrolled.enrollment;
    if (!made.is_new) {
        auto before = latest_of(tx, enrollment);
        if (before && before->verdict.empty()) {
            return Application{std::move(made.enrolled), std::move(*before)};
        }
        HW_CHECK(check_reapplication(tx, enrollment, before));
        enrollment.status = "pending";
        enrollment.updated_at_ms = tx.now_ms();
        update_enrollment(tx, enrollment);
    }
    PartnerApplication application;
    application.workspace_id = tx.workspace_id();
    application.application_id = tx.new_id("pga_");
    application.program_id = enrollment.program_id;
    application.partner_id = enrollment.partner_id;
    application.group_id = enrollment.group_id;
    application.form_data = form_data;
    application.created_at_ms = tx.now_ms();
    insert_application(tx, application);
    append_outbox(tx, "partner.application_submitted", application.application_id);
    return Application{load_partner(tx, enrollment), std::move(application)};
}

Result<std::vector<Application>> list_applications(Tx& tx, ApplicationFilter filter) {
    filter.program_id = HW_TRY(required_program(tx)).program_id;
    std::vector<Application> found;
    std::vector<Enrollment> enrollments;
    for (auto& application : list_waiting_applications(tx, filter)) {
        auto enrollment = find_enrollment(tx, application.workspace_id, application.program_id,
                                          application.partner_id);
        if (!enrollment) continue;
        enrollments.push_back(std::move(*enrollment));
        found.push_back({{}, std::move(application)});
    }
    auto applicants = load_partners(tx, enrollments);
    for (std::size_t i = 0; i < found.size(); ++i) found[i].applicant = std::move(applicants[i]);
    return found;
}

Result<std::string> approve_application(Tx& tx, const ApproveApplication& input) {
    auto enrollment = HW_TRY(waiting_for(tx, input.partner_id));
    if (input.group_id) {
        const auto group = HW_TRY(get_group(tx, *input.group_id));
        if (group.program_id != enrollment.program_id) {
            return fail(ErrorCode::NotFound, "Group not found.", "group_not_found");
        }
        enrollment.group_id = group.group_id;
    }
    enrollment.status = "approved";
    enrollment.updated_at_ms = tx.now_ms();
    update_enrollment(tx, enrollment);
    if (const auto application = latest_of(tx, enrollment)) {
        auto approved = *application;
        approved.group_id = enrollment.group_id;
        decide(tx, std::move(approved), "approved");
    }
    HW_CHECK(welcome_partner(tx, enrollment, input.links));
    return enrollment.partner_id;
}

Result<std::string> reject_application(Tx& tx, const RejectApplication& input) {
    auto enrollment = HW_TRY(waiting_for(tx, input.partner_id));
    enrollment.status = "rejected";
    enrollment.updated_at_ms = tx.now_ms();
    update_enrollment(tx, enrollment);
    auto application = latest_of(tx, enrollment);
    if (!application) return enrollment.partner_id;
    application->rejection_reason = input.reason;
    application->rejection_note = input.note;
    application->fraud_flag = input.fraud_flag;
    if (input.reapplication != "never") {
        application->reapply_at_ms =
            tx.now_ms() + (input.reapplication == "instant" ? 0 : kStandardWaitMs);
    }
    decide(tx, std::move(*application), "rejected");
    return enrollment.partner_id;
}

}  // namespace hw
