// SPDX-License-Identifier: Apache-2.0
#include "core/verify_books.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>

#include "base/civil_time.hpp"
#include "core/mrr_book.hpp"
#include "core/rollups.hpp"
#include "core/seal_ledger.hpp"
#include "core/settle_commission.hpp"
#include "store/rollup_days.hpp"
#include "store/workspaces.hpp"

namespace hw {
namespace {

std::string text_of(const LinkCounts& counts) {
    return fmt::format(
        "clicks {}, leads {}, conversions {}, sales {}, amount {}, last click {}, last lead {}, "
        "last conversion {}",
        counts.clicks, counts.leads, counts.conversions, counts.sales, counts.sale_amount,
        counts.last_click_at_ms, counts.last_lead_at_ms, counts.last_conversion_at_ms);
}

std::string text_of(const RollupCounts& counts) {
    return fmt::format("clicks {}, leads {}, sales {}, amount {}", counts.clicks, counts.leads,
                       counts.sales, counts.sale_amount);
}

std::string key_text(const RollupKey& key) {
    return fmt::format("{} '{}' {}", key.dimension, key.value, key.hour_ms);
}

void note(VerifiedBooks& books, Difference difference) {
    ++books.differences;
    if (books.first.size() < kDifferencesListedMax) books.first.push_back(std::move(difference));
}

// The same functions that counted in the first place count again, into memory.
void recount(Tx& tx, VerifiedBooks& books) {
    each_counted_touch(tx, tx.workspace_id(), [&](const Touch& touch) {
        ++books.clicks;
        if (touch.bot) {
            note(books, {.table = "touches",
                         .key = touch.touch_id,
                         .expected = "a bot's click is not counted",
                         .found = "counted"});
        }
        count_click(tx, touch);
    });
    each_decided_conversion(tx, tx.workspace_id(), [&](const DecidedConversion& decided) {
        ++books.conversions;
        const auto* touch = decided.touch ? &*decided.touch : nullptr;
        if (decided.kind == "lead") {
            count_lead(tx, touch, decided.link_id, decided.occurred_at_ms);
        } else {
            count_sale(tx, touch,
                       {.link_id = decided.link_id,
                        .at_ms = decided.occurred_at_ms,
                        .amount = decided.amount,
                        .first_conversion = decided.first_sale});
        }
    });
}

// Times never go back: a link that a conversion has left may have later ones than its others say.
bool is_later(const LinkCounts& found, LinkCounts expected) {
    if (found.last_lead_at_ms < expected.last_lead_at_ms ||
        found.last_conversion_at_ms < expected.last_conversion_at_ms) {
        return false;
    }
    expected.last_lead_at_ms = found.last_lead_at_ms;
    expected.last_conversion_at_ms = found.last_conversion_at_ms;
    return expected == found;
}

void compare_link_totals(Tx& tx, VerifiedBooks& books) {
    auto expected = tx.counters().links();
    const auto left = links_left(tx, tx.workspace_id());
    const auto compare = [&](std::string_view link_id, const LinkCounts& found) {
        ++books.link_totals;
        const auto at = expected.find({tx.workspace_id(), std::string(link_id)});
        const auto counts = at == expected.end() ? LinkCounts{} : at->second;
        if (at != expected.end()) expected.erase(at);
        if (counts == found) return;
        if (std::ranges::binary_search(left, link_id) && is_later(found, counts)) return;
        note(books, {.table = "link_totals",
                     .key = std::string(link_id),
                     .expected = text_of(counts),
                     .found = text_of(found)});
    };
    each_link_total(tx, tx.workspace_id(), compare);
    for (const auto& [key, counts] : std::map(expected)) compare(key.link_id, LinkCounts{});
}

using EachRollup = void (*)(Tx&, std::string_view,
                            FunctionRef<void(const RollupKey&, const RollupCounts&)>);

struct RollupTable {
    std::string_view name;
    EachRollup each;
};

void compare_rollups(Tx& tx, VerifiedBooks& books, const RollupTable& table,
                     std::map<RollupKey, RollupCounts> expected,
                     FunctionRef<bool(std::int64_t at_ms)> is_meant) {
    const auto compare = [&](const RollupKey& key, const RollupCounts& found) {
        if (!is_meant(key.hour_ms)) return;
        ++books.rollups;
        const auto at = expected.find(key);
        const auto counts = at == expected.end() ? RollupCounts{} : at->second;
        if (at != expected.end()) expected.erase(at);
        if (counts == found) return;
        note(books, {.table = std::string(table.name),
                     .key = key_text(key),
                     .expected = text_of(counts),
                     .found = text_of(found)});
    };
    table.each(tx, tx.workspace_id(), compare);
    for (const auto& [key, counts] : std::map(expected)) compare(key, RollupCounts{});
}

void compare_hours(Tx& tx, VerifiedBooks& books) {
    compare_rollups(tx, books, {"rollups_hour", each_rollup}, tx.counters().rollups(),
                    [](std::int64_t) { return true; });
}

void compare_days(Tx& tx, VerifiedBooks& books) {
    const auto closed = closed_days(tx);
    const auto is_closed = [&](std::int64_t day_ms) {
        return day_ms < closed.until_ms && !std::ranges::binary_search(closed.open, day_ms);
    };
    std::map<RollupKey, RollupCounts> expected;
    for (const auto& [key, counts] : tx.counters().rollups()) {
        auto day = key;
        day.hour_ms = start_of_day_ms(key.hour_ms);
        if (is_closed(day.hour_ms)) expected[std::move(day)].merge(counts);
    }
    compare_rollups(tx, books, {"rollups_day", each_day_rollup}, std::move(expected), is_closed);
}

std::string text_of(const MrrSums& sums) {
    auto text = fmt::format("customers {}", sums.customers);
    for (const auto& [key, sum] : sums.months) {
        const auto& [month, currency, kind] = key;
        text += fmt::format("; {} {} {} {} of {}", month, currency,
                            kMrrKindNames.at(static_cast<std::size_t>(kind)), sum.amount,
                            sum.movements);
    }
    for (const auto& [key, amount] : sums.sources) {
        text += fmt::format("; {} {} {}", key.first, key.second, amount);
    }
    return text;
}

// The sums that are kept are those of all movements.
void compare_mrr(Tx& tx, VerifiedBooks& books, bool test) {
    const auto found = find_mrr_sums(tx, test);
    if (!found) return;
    const auto expected = sum_mrr(tx, test);
    if (*found == expected) return;
    note(books, {.table = "mrr_months",
                 .key = test ? "test" : "live",
                 .expected = text_of(expected),
                 .found = text_of(*found)});
}

}  // namespace

void VerifiedBooks::merge(VerifiedBooks&& other) {
    workspaces += other.workspaces;
    clicks += other.clicks;
    conversions += other.conversions;
    link_totals += other.link_totals;
    rollups += other.rollups;
    differences += other.differences;
    const auto room = kDifferencesListedMax - first.size();
    if (other.first.size() > room) other.first.resize(room);
    std::ranges::move(other.first, std::back_inserter(first));
}

VerifiedBooks verify_books(Tx& tx) {
    VerifiedBooks books;
    books.workspaces = 1;
    recount(tx, books);
    compare_link_totals(tx, books);
    compare_hours(tx, books);
    compare_days(tx, books);
    for (const bool test : {false, true}) compare_mrr(tx, books, test);
    each_difference(tx, tx.workspace_id(),
                    [&](Difference difference) { note(books, std::move(difference)); });
    for (auto& difference : verify_ledger(tx)) note(books, std::move(difference));
    each_commission(tx, tx.workspace_id(), [&](const Commission& commission) {
        for (auto& difference : verify_commission(tx, commission)) {
            note(books, std::move(difference));
        }
    });
    tx.counters().clear();
    return books;
}

Result<VerifiedBooks> verify_all_books(Db& db) {
    const auto workspaces =
        HW_TRY(db.read_now<std::vector<Workspace>>(std::string(kOperator), list_workspaces));
    const auto read = [](Tx& tx) -> Result<VerifiedBooks> { return verify_books(tx); };
    VerifiedBooks all;
    for (const auto& workspace : workspaces) {
        all.merge(HW_TRY(db.read_now<VerifiedBooks>(workspace.workspace_id, read)));
    }
    return all;
}

}  // namespace hw
