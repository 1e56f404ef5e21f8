// SPDX-License-Identifier: Apache-2.0
// The counted facts in the order of their ids, a piece at a time: what lists of events, exports and
// those analytics read that no rollup answers.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "store/conversions.hpp"
#include "store/links.hpp"
#include "store/touches.hpp"
#include "store/tx.hpp"

namespace hw {

// Ids above `after` and below `before`, both excluded. Time-ordered ids make it a range of time.
struct IdRange {
    std::string after;
    std::string before;
    bool newest_first = true;
    std::int64_t limit = 0;
};

// The clicks that count.
std::vector<Touch> list_counted_touches(Tx& tx, const IdRange& range);

// The same with only what analytics group and filter by.
std::vector<Touch> scan_counted_touches(Tx& tx, const IdRange& range);

// A lead or a sale as its current decision has it.
struct AttributedConversion {
    Conversion conversion;
    std::string link_id;
    std::optional<std::string> customer_id;
    std::optional<Touch> touch;  // when the decision names one that is still stored
    bool first_sale = false;     // of its customer on its link
};

// kind: "lead" or "purchase". Those that a link is known of.
std::vector<AttributedConversion> list_attributed_conversions(Tx& tx, std::string_view kind,
                                                              const IdRange& range);

// The ids of such clicks, and of all conversions of that kind, in their order.
std::vector<std::string> list_click_ids(Tx& tx, const IdRange& range);
std::vector<std::string> list_conversion_ids(Tx& tx, std::string_view kind, const IdRange& range);

// Links with the ids of their tags.
struct TaggedLink {
    Link link;
    std::vector<std::string> tag_ids;
    std::optional<std::string> group_id;  // of its partner
};
std::map<std::string, TaggedLink> find_tagged_links(Tx& tx, std::span<const std::string> link_ids);

}  // namespace hw
