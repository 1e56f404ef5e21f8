// SPDX-License-Identifier: Apache-2.0
// Applications: somebody asks to become a partner, and is approved or rejected (reference: dub,
// 2.8).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/enroll_partner.hpp"
#include "store/partner_applications.hpp"

namespace hw {

struct Application {
    EnrolledPartner applicant;
    PartnerApplication application;
};

// `partner.status` does not count. 409 for partners, and for whom it is too early to apply again;
// who waits for a decision already gets what they sent first.
Result<Application> submit_application(Tx& tx, const NewPartner& partner,
                                       const std::string& form_data);

// Those that wait for a decision. `filter.program_id` is set here.
Result<std::vector<Application>> list_applications(Tx& tx, ApplicationFilter filter);

struct ApproveApplication {
    std::string partner_id;
    std::optional<std::string> group_id;  // else the one that was applied for
    PartnerLink links;
};
Result<std::string> approve_application(Tx& tx, const ApproveApplication& input);

struct RejectApplication {
    std::string partner_id;
    std::optional<std::string> reason;
    std::optional<std::string> note;
    std::string reapplication = "standard";  // or instant, never
    std::optional<std::string> fraud_flag;
};
Result<std::string> reject_application(Tx& tx, const RejectApplication& input);

}  // namespace hw
