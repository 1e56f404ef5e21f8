// SPDX-License-Identifier: Apache-2.0
#include "core/export_conversions.hpp"

#include <algorithm>

#include "core/scan_events.hpp"

namespace hw {
namespace {

// The sales begin where the leads end.
constexpr std::string_view kSales = "sale_";

}  // namespace

Result<ConversionPage> export_conversions(Tx& tx, const ExportConversions& input,
                                          const std::string& after) {
    const auto time = HW_TRY(read_range(input.range, input.now_ms, 0));
    const bool sales = input.counting == Counting::Sales || after.starts_with(kSales);
    const std::string_view kind = sales ? "purchase" : "lead";
    const IdRange range{.after = std::max(after, lower_id(kind, time.from_ms)),
                        .before = upper_id(kind, time.to_ms),
                        .newest_first = false,
                        .limit = input.limit};
    ConversionPage page{.conversions = list_conversions(tx, kind, range), .after = after};
    const bool full = std::ssize(page.conversions) >= input.limit;
    if (!page.conversions.empty()) page.after = page.conversions.back().conversion.conversion_id;
    if (!full) {
        page.last = sales || input.counting == Counting::Leads;
        page.after = kSales;
    }
    std::erase_if(page.conversions, [&](const ListedConversion& found) {
        const auto at_ms = found.conversion.occurred_at_ms;
        return at_ms < time.from_ms || at_ms >= time.to_ms;
    });
    return page;
}

}  // namespace hw
