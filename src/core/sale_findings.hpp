// SPDX-License-Identifier: Apache-2.0
// What stands between a sale and its link or its partner, and what to do about it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/decide_conversion.hpp"
#include "core/diagnose_sale.hpp"

namespace hw {

// Of the next sale that names this link key.
std::vector<SaleFinding> findings_of_link(Tx& tx, const std::string& slug, const Match& match);

// Of a sale that was told.
struct DiagnosedSale {
    const Conversion& sale;
    const std::optional<Attribution>& standing;
    const PreviewedDecision& now;
    const AttributionPolicy& policy;
};
std::vector<SaleFinding> findings_of_sale(Tx& tx, const DiagnosedSale& diagnosed);

}  // namespace hw
