// SPDX-License-Identifier: Apache-2.0
// Which fraud rules there are, and how a workspace sets them.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "store/fraud_rules.hpp"
#include "store/tx.hpp"

namespace hw {

inline constexpr std::string_view kCustomerEmailMatch = "customerEmailMatch";
inline constexpr std::string_view kSuspiciousDomain = "customerEmailSuspiciousDomain";
inline constexpr std::string_view kPaidTraffic = "paidTrafficDetected";
inline constexpr std::string_view kBannedSource = "referralSourceBanned";
inline constexpr std::string_view kCrossProgramBan = "partnerCrossProgramBan";
inline constexpr std::string_view kDuplicateAccount = "partnerDuplicateAccount";
inline constexpr std::string_view kSelfReferral = "selfReferral";
inline constexpr std::string_view kClickFlooding = "clickFlooding";

inline constexpr std::array<std::string_view, 8> kFraudRules = {
    kCustomerEmailMatch, kSuspiciousDomain, kPaidTraffic,  kBannedSource,
    kCrossProgramBan,    kDuplicateAccount, kSelfReferral, kClickFlooding};

// Who decided, in reviews that the rules make: a person's outrank them.
inline constexpr std::string_view kFraudRulesDecide = "fraud-rules";

// Of the partner and not of one event: while such a group is pending, everything new is held.
bool is_partner_rule(std::string_view rule);

// All rules as they are set, in the order of kFraudRules.
std::vector<FraudRule> fraud_rules(Tx& tx);

struct FraudRuleChange {
    std::optional<bool> enabled{};
    std::optional<std::vector<std::string>> platforms{};
    std::optional<std::vector<std::string>> domains{};
    std::optional<std::int64_t> clicks_per_visitor_hour{};
    std::optional<std::int64_t> clicks_per_lead{};
    std::optional<std::int64_t> clicks_min{};
};
// 404 for a rule that does not exist. The values are checked already.
Result<FraudRule> update_fraud_rule(Tx& tx, std::string_view rule, const FraudRuleChange& change);

}  // namespace hw
