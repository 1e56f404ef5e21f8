// SPDX-License-Identifier: Apache-2.0
#include "api/repair_json.hpp"

#include "api/statement_json.hpp"
#include "base/limits.hpp"

namespace hw {
namespace {

json::object decision_json(const Attribution& decision) {
    return {{"rung", decision.rung},
            {"confidence", decision.confidence},
            {"linkId", text_or_null(decision.link_id)},
            {"inferredLinkId", text_or_null(decision.inferred_link_id)},
            {"partnerId", text_or_null(decision.partner_id)},
            {"reason", decision.reason}};
}

json::array ledger_array(const std::vector<LedgerTransaction>& posted) {
    json::array rows;
    for (const auto& transaction : posted) {
        rows.push_back(ledger_json({.transaction = transaction, .seal = std::nullopt}));
    }
    return rows;
}

json::value empty_as_null(const std::string& text) {
    return text.empty() ? json::value(nullptr) : json::value(text);
}

}  // namespace

json::object repaired_json(const RepairedAttribution& repaired, bool dry_run) {
    json::array conversions;
    for (const auto& changed : repaired.conversions) {
        conversions.push_back(json::object{{"conversionId", changed.after.conversion_id},
                                           {"before", decision_json(changed.before)},
                                           {"after", decision_json(changed.after)},
                                           {"earnings", changed.earnings}});
    }
    json::array partners;
    for (const auto& [partner_id, earnings] : repaired.earnings_of_partners) {
        partners.push_back(json::object{{"partnerId", partner_id}, {"earnings", earnings}});
    }
    // Of a repair that did not happen nothing can be undone.
    return {{"dryRun", dry_run},
            {"repairId", dry_run ? json::value(nullptr) : empty_as_null(repaired.repair_id)},
            {"lookedAt", repaired.looked_at},
            {"conversions", std::move(conversions)},
            {"partners", std::move(partners)},
            {"ledger", ledger_array(repaired.ledger)},
            {"next", empty_as_null(repaired.next_id)}};
}

Result<std::int64_t> read_repair_page_size(const json::object& body) {
    static_assert(limits::kRepairedAtOnceMax == 500, "the text below names it");
    const auto size =
        HW_TRY(optional_int(body, "pageSize",
                            {.min = 1,
                             .max = limits::kRepairedAtOnceMax,
                             .too_small_message = "Too small: expected number to be >=1",
                             .too_big_message = "Too big: expected number to be <=500"}));
    return size.value_or(100);
}

}  // namespace hw
