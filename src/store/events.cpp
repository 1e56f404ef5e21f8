// SPDX-License-Identifier: Apache-2.0
#include "store/events.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "store/partner_list.hpp"
#include "store/tags.hpp"

namespace hw {
namespace {

constexpr std::string_view kTouchColumns =
    "t.touch_id, t.at_ms, t.link_id, t.visitor, t.trigger_kind, t.url, t.referer, t.referer_url, "
    "t.country, t.region, t.city, t.continent, t.device, t.browser, t.os, t.user_agent";

std::string select_touches(std::string_view columns, std::string_view order) {
    return fmt::format(R"sql(
select {} from touches t
where t.workspace_id = $1 and t.touch_id > $2 and t.touch_id < $3 and t.counted = 1
order by t.touch_id {} limit $4
)sql",
                       columns, order);
}

const Query kListTouches{"list_counted_touches", select_touches(kTouchColumns, "")};
const Query kListTouchesDown{"list_counted_touches_down", select_touches(kTouchColumns, "desc")};

// Without the long texts, which a scan does not look at.
const Query kScanTouches{
    "scan_counted_touches",
    select_touches("t.touch_id, t.at_ms, t.link_id, t.visitor, t.trigger_kind, '', t.referer, "
                   "t.referer_url, t.country, t.region, t.city, t.continent, t.device, t.browser, "
                   "t.os, ''",
                   "desc")};

const Query kListClickIds{"list_click_ids", select_touches("t.touch_id", "")};

const Query kListConversionIds{"list_conversion_ids", R"sql(
select conversion_id from conversions
where workspace_id = $1 and conversion_id > $2 and conversion_id < $3 and kind = $4
order by conversion_id limit $5
)sql"};

// The current decision is the one with the highest seq.
std::string select_conversions(std::string_view order) {
    return fmt::format(R"sql(
select {}, a.link_id, coalesce(a.customer_id, c.customer_id), l.conversion_id, {}
from conversions c
    join attributions a on a.workspace_id = c.workspace_id and a.conversion_id = c.conversion_id
    left join touches t on t.workspace_id = a.workspace_id and t.touch_id = a.touch_id
    left join customer_links l on l.workspace_id = a.workspace_id
        and l.customer_id = a.customer_id and l.link_id = a.link_id
where c.workspace_id = $1 and c.kind = $5 and c.conversion_id > $2 and c.conversion_id < $3
    and a.link_id is not null and a.seq = (
        select max(n.seq) from attributions n
        where n.workspace_id = c.workspace_id and n.conversion_id = c.conversion_id)
order by c.conversion_id {} limit $4
)sql",
                       kListedConversionColumns, kTouchColumns, order);
}

const Query kListConversions{"list_attributed_conversions", select_conversions("")};
const Query kListConversionsDown{"list_attributed_conversions_down", select_conversions("desc")};

Touch touch_from(Tx& tx, const Row& row, int first) {
    Touch touch;
    touch.workspace_id = tx.workspace_id();
    touch.touch_id = row.text(first);
    touch.at_ms = row.int64(first + 1);
    touch.link_id = row.text(first + 2);
    touch.visitor = row.int64(first + 3);
    touch.trigger = row.text(first + 4);
    touch.url = row.text(first + 5);
    touch.referer = row.text(first + 6);
    touch.referer_url = row.text(first + 7);
    touch.country = row.text(first + 8);
    touch.region = row.text(first + 9);
    touch.city = row.text(first + 10);
    touch.continent = row.text(first + 11);
    touch.device = row.text(first + 12);
    touch.browser = row.text(first + 13);
    touch.os = row.text(first + 14);
    touch.user_agent = row.text(first + 15);
    return touch;
}

AttributedConversion conversion_from(Tx& tx, const Row& row) {
    constexpr int kFirst = kListedConversionColumnCount;
    constexpr int kTouch = kFirst + 3;
    AttributedConversion found;
    found.conversion = listed_conversion_from(tx, row);
    found.link_id = row.text(kFirst);
    found.customer_id = row.optional_text(kFirst + 1);
    found.first_sale = row.view(kFirst + 2) == found.conversion.conversion_id;
    if (!row.is_null(kTouch)) found.touch = touch_from(tx, row, kTouch);
    return found;
}

std::vector<Touch> touches_of(Tx& tx, const Query& query, const IdRange& range) {
    return tx.all(
        query, [&](const Row& row) { return touch_from(tx, row, 0); }, tx.workspace_id(),
        range.after, range.before, range.limit);
}

}  // namespace

std::vector<Touch> list_counted_touches(Tx& tx, const IdRange& range) {
    return touches_of(tx, range.newest_first ? kListTouchesDown : kListTouches, range);
}

std::vector<Touch> scan_counted_touches(Tx& tx, const IdRange& range) {
    return touches_of(tx, kScanTouches, range);
}

std::vector<AttributedConversion> list_attributed_conversions(Tx& tx, std::string_view kind,
                                                              const IdRange& range) {
    return tx.all(
        range.newest_first ? kListConversionsDown : kListConversions,
        [&](const Row& row) { return conversion_from(tx, row); }, tx.workspace_id(), range.after,
        range.before, range.limit, kind);
}

std::vector<std::string> list_click_ids(Tx& tx, const IdRange& range) {
    return tx.all(
        kListClickIds, [](const Row& row) { return row.text(0); }, tx.workspace_id(), range.after,
        range.before, range.limit);
}

std::vector<std::string> list_conversion_ids(Tx& tx, std::string_view kind, const IdRange& range) {
    return tx.all(
        kListConversionIds, [](const Row& row) { return row.text(0); }, tx.workspace_id(),
        range.after, range.before, kind, range.limit);
}

std::map<std::string, TaggedLink> find_tagged_links(Tx& tx, std::span<const std::string> link_ids) {
    std::map<std::string, TaggedLink> found;
    for (auto& link : find_links(tx, tx.workspace_id(), link_ids)) {
        auto& tagged = found[link.link_id];
        tagged.link = std::move(link);
    }
    const auto tags = tags_of_links(tx, tx.workspace_id(), {link_ids.begin(), link_ids.end()});
    for (const auto& [link_id, of_link] : tags) {
        const auto at = found.find(link_id);
        if (at == found.end()) continue;
        for (const auto& tag : of_link) at->second.tag_ids.push_back(tag.tag_id);
    }
    const auto names_partner = [](const auto& one) {
        return one.second.link.partner_id.has_value();
    };
    if (std::ranges::none_of(found, names_partner)) return found;
    for (auto& [link_id, group_id] : groups_of_links(tx, tx.workspace_id(), link_ids)) {
        const auto at = found.find(link_id);
        if (at != found.end()) at->second.group_id = std::move(group_id);
    }
    return found;
}

}  // namespace hw
