// SPDX-License-Identifier: Apache-2.0
// GET /conversions/export: leads and then sales, each with the attribution that holds now, orphans
// too; a piece at a time.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "core/analytics_range.hpp"
#include "core/tally.hpp"
#include "store/conversion_list.hpp"

namespace hw {

struct ExportConversions {
    Counting counting = Counting::Composite;  // Leads, Sales, or Composite: both
    AskedRange range{};
    std::int64_t now_ms = 0;  // when the export began: what its range counts from
    std::int64_t limit = 0;
};

struct ConversionPage {
    std::vector<ListedConversion> conversions;
    std::string after;  // where the next page begins
    bool last = false;
};
// `after` is that of the page before; empty: the first one.
Result<ConversionPage> export_conversions(Tx& tx, const ExportConversions& input,
                                          const std::string& after);

}  // namespace hw
