// SPDX-License-Identifier: Apache-2.0
// Applications: who asked to take part in a programme, with what they said, and what was decided.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "store/tx.hpp"

namespace hw {

struct PartnerApplication {
    std::string workspace_id;
    std::string application_id;
    std::string program_id;
    std::string partner_id;
    std::string group_id;
    std::string form_data;  // JSON: [{"label", "value"}]
    std::string verdict;    // empty while nobody decided; approved, rejected
    std::optional<std::string> rejection_reason;
    std::optional<std::string> rejection_note;
    std::optional<std::int64_t> reapply_at_ms;  // of a rejected one; nothing: never
    std::optional<std::string> fraud_flag;      // why it looks like one; of a rejected one
    std::int64_t created_at_ms = 0;
    std::optional<std::int64_t> reviewed_at_ms;
};

void insert_application(Tx& tx, const PartnerApplication& application);
// What was decided; the rest stays.
void review_application(Tx& tx, const PartnerApplication& application);

std::optional<PartnerApplication> find_application(Tx& tx, std::string_view workspace_id,
                                                   std::string_view application_id);

// The partners' applications, oldest first.
std::vector<PartnerApplication> applications_of_partners(Tx& tx, std::string_view workspace_id,
                                                         std::span<const std::string> partner_ids);

struct ApplicationFilter {
    std::string program_id;
    std::string group_id;  // empty: all
    std::string country;   // of the partner; empty: all
    std::int64_t limit = 100;
    std::int64_t offset = 0;
};
// Those that wait for a decision, newest first.
std::vector<PartnerApplication> list_waiting_applications(Tx& tx, const ApplicationFilter& filter);

}  // namespace hw
