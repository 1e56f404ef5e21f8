// SPDX-License-Identifier: Apache-2.0
#include "core/get_analytics.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <span>

#include "base/civil_time.hpp"
#include "base/limits.hpp"
#include "core/rollup_spans.hpp"
#include "core/rollups.hpp"
#include "core/scan_events.hpp"
#include "core/top_links.hpp"
#include "store/analytics.hpp"
#include "store/links.hpp"

namespace hw {
namespace {

// The dimension of the rollups that knows the field; empty: none does.
std::string_view dimension_of(Field field) {
    switch (field) {
        case Field::Country:
        case Field::Continent:
            return kDimensionCountry;
        case Field::Device:
            return kDimensionDevice;
        case Field::Browser:
            return kDimensionBrowser;
        case Field::Os:
            return kDimensionOs;
        case Field::Trigger:
            return kDimensionTrigger;
        case Field::Referer:
            return kDimensionReferer;
        default:
            return is_of_link(field) ? kDimensionLink : std::string_view{};
    }
}

// The one dimension that answers; nothing when it takes the facts.
std::optional<std::string_view> answering_dimension(const GetAnalytics& input) {
    if (input.filter.of_conversions()) return std::nullopt;
    std::set<std::string_view> wanted;
    for (const auto& one : input.filter.fields) wanted.insert(dimension_of(one.field));
    for (const auto field : input.group) wanted.insert(dimension_of(field));
    if (wanted.empty()) return kDimensionAll;
    if (wanted.size() > 1 || wanted.contains("")) return std::nullopt;
    return *wanted.begin();
}

// A click that has nothing but the dimension.
std::optional<Touch> touch_with(std::string_view dimension, const std::string& value) {
    if (dimension == kDimensionAll || dimension == kDimensionLink) return std::nullopt;
    Touch touch;
    if (dimension == kDimensionCountry) touch.country = value;
    if (dimension == kDimensionDevice) touch.device = value;
    if (dimension == kDimensionBrowser) touch.browser = value;
    if (dimension == kDimensionOs) touch.os = value;
    if (dimension == kDimensionTrigger) touch.trigger = value;
    if (dimension == kDimensionReferer) touch.referer = value;
    return touch;
}

class Counter {
  public:
    Counter(Tx& tx, const GetAnalytics& input, const TimeRange& range)
        : tx_(tx),
          input_(input),
          links_(tx),
          tally_({.counting = input.counting,
                  .group = input.group,
                  .starts = input.as_series ? bucket_starts(range) : std::vector<std::int64_t>{},
                  .filter = &input.filter},
                 links_),
          starts_(input.as_series ? bucket_starts(range) : std::vector<std::int64_t>{}),
          until_ms_(tx.env().now_ms() + limits::kScanBudgetMs) {}

    const Tally& tally() const { return tally_; }

    // Gives from when on the counts are complete.
    std::int64_t scan(std::int64_t from_ms, std::int64_t to_ms) {
        const Scan scan{from_ms, to_ms, until_ms_};
        auto complete_ms = from_ms;
        const auto also = [&](std::int64_t since_ms) {
            complete_ms = std::max(complete_ms, since_ms);
        };
        const bool all = input_.counting == Counting::Composite;
        if (all || input_.counting == Counting::Sales) {
            also(scan_conversions(tx_, "purchase", scan, links_, tally_));
        }
        if (all || input_.counting == Counting::Leads) {
            also(scan_conversions(tx_, "lead", scan, links_, tally_));
        }
        if (all || input_.counting == Counting::Clicks) {
            also(scan_clicks(tx_, scan, links_, tally_));
        }
        return complete_ms;
    }

    // An error when it takes too long: sums of some of the values would mean nothing.
    Result<void> read_rollups(std::string_view dimension, std::int64_t from_ms,
                              std::int64_t to_ms) {
        if (from_ms >= to_ms) return {};
        const Reading reading{dimension, spans(from_ms, to_ms)};
        if (dimension == kDimensionAll) return read_values(reading, std::vector<std::string>{""});
        if (const auto named = named_links(dimension)) return read_values(reading, *named);
        return each_page(reading, [&](std::span<const std::string> values) {
            return read_values(reading, values);
        });
    }

    // For Field::LinkId without a filter: links in any number, of which few are read. `scan()` has
    // added what lies outside of those hours.
    Result<std::vector<Tally::Group>> top_links(std::int64_t from_ms, std::int64_t to_ms) {
        TopLinks top(tx_, input_.counting, limits::kGroupsMax);
        const Reading reading{kDimensionLink, spans(from_ms, to_ms)};
        const auto add_page = [&](std::span<const std::string> values) -> Result<void> {
            for (const auto& [id, counts] : sums_of_links(reading, values)) top.add({id, counts});
            return {};
        };
        HW_CHECK(each_page(reading, add_page));
        return top.take();
    }

    // The same since ever.
    Result<std::vector<Tally::Group>> top_links_of_all_time() {
        TopLinks top(tx_, input_.counting, limits::kGroupsMax);
        std::optional<std::string> from{""};
        while (from) {
            HW_CHECK(check_time());
            auto page = list_link_totals(tx_, *from, kTotalsAtOnce);
            for (const auto& total : page.totals) top.add(total);
            from = std::move(page.next);
        }
        return top.take();
    }

  private:
    struct Reading {
        std::string_view dimension;
        std::vector<RollupSpan> spans;

        // Fewer values at once when each has many rows, so that the time is looked at often.
        std::size_t values_at_once() const {
            std::int64_t rows = 0;
            for (const auto& [from_ms, to_ms, of] : spans) {
                rows += (to_ms - from_ms) / (of == RollupRows::Hours ? kHourMs : kDayMs);
            }
            const auto values = kRowsAtOnce / std::max<std::int64_t>(rows, 1);
            return static_cast<std::size_t>(
                std::clamp<std::int64_t>(values, 10, static_cast<std::int64_t>(kAtOnce)));
        }
    };

    // With what scan() counted of them.
    std::map<std::string, RollupCounts> sums_of_links(const Reading& reading,
                                                      std::span<const std::string> ids) {
        std::map<std::string, RollupCounts> sums;
        for (const auto& id : ids) sums[id] = tally_.of_group({id});
        for (const auto& span : reading.spans) {
            for (const auto& [id, counts] : sum_values(tx_, kDimensionLink, ids, span)) {
                sums[id].merge(counts);
            }
        }
        return sums;
    }

    std::vector<RollupSpan> spans(std::int64_t from_ms, std::int64_t to_ms) {
        if (!closed_) closed_ = closed_days(tx_);
        return rollup_spans({from_ms, to_ms}, *closed_, starts_);
    }

    // The links, when the filter names them: then nobody else's rows need be read.
    std::optional<std::vector<std::string>> named_links(std::string_view dimension) {
        if (dimension != kDimensionLink) return std::nullopt;
        for (const auto& one : input_.filter.fields) {
            if (one.filter.negated) continue;
            if (one.field == Field::LinkId) return distinct(one.filter.values);
            if (one.field == Field::ExternalId) return by_external_id(one.filter.values);
        }
        return std::nullopt;
    }

    std::vector<std::string> by_external_id(const std::vector<std::string>& external_ids) {
        std::vector<std::string> found;
        for (const auto& id : external_ids) {
            const auto link = find_link_by_external_id(tx_, tx_.workspace_id(), id);
            if (link) found.push_back(link->link_id);
        }
        return distinct(std::move(found));
    }

    static std::vector<std::string> distinct(std::vector<std::string> ids) {
        std::ranges::sort(ids);
        const auto rest = std::ranges::unique(ids);
        ids.erase(rest.begin(), rest.end());
        return ids;
    }

    Result<void> check_time() {
        if (tx_.env().now_ms() < until_ms_) return {};
        return fail(ErrorCode::UnprocessableEntity,
                    "There is more to add up than can be read in 2 seconds. Ask for a shorter time "
                    "(`interval`, or `start` and `end`), or name the links (`linkId`).",
                    "too_much_to_read");
    }

    Result<void> each_page(const Reading& reading,
                           FunctionRef<Result<void>(std::span<const std::string>)> on_page) {
        const auto at_once = reading.values_at_once();
        std::optional<std::string> from{""};
        while (from) {
            HW_CHECK(check_time());
            auto page = list_values(tx_, reading.dimension, *from, at_once);
            HW_CHECK(on_page(page.values));
            from = std::move(page.next);
        }
        return {};
    }

    Result<void> read_values(const Reading& reading, std::span<const std::string> values) {
        while (!values.empty()) {
            HW_CHECK(check_time());
            const auto some = values.first(std::min(values.size(), kAtOnce));
            values = values.subspan(some.size());
            if (reading.dimension == kDimensionLink) links_.load(some);
            if (input_.as_series) {
                for (const auto& value : some) read_rows(reading, value);
            } else {
                for (const auto& span : reading.spans) add_sums(reading.dimension, some, span);
            }
        }
        return {};
    }

    void add_sums(std::string_view dimension, std::span<const std::string> values,
                  const RollupSpan& span) {
        for (const auto& [value, counts] : sum_values(tx_, dimension, values, span)) {
            add(dimension, value, 0, counts);
        }
    }

    void read_rows(const Reading& reading, const std::string& value) {
        // Most values of a filtered dimension are not wanted: their rows need not be read.
        if (reading.dimension == kDimensionLink && !is_wanted(value)) return;
        const auto touch = touch_with(reading.dimension, value);
        if (touch && !input_.filter.admits_touch(*touch)) return;
        for (const auto& span : reading.spans) {
            each_row_of_value(tx_, reading.dimension, value, span,
                              [&](std::int64_t at_ms, const RollupCounts& counts) {
                                  add(reading.dimension, value, at_ms, counts);
                              });
        }
    }

    void add(std::string_view dimension, const std::string& value, std::int64_t at_ms,
             const RollupCounts& counts) {
        const auto touch = touch_with(dimension, value);
        const bool by_link = dimension == kDimensionLink;
        tally_.add({by_link ? value : std::string{}, touch ? &*touch : nullptr, at_ms, counts});
    }

    bool is_wanted(const std::string& link_id) const {
        const auto* link = links_.find(link_id);
        return link != nullptr && input_.filter.admits_link(*link);
    }

    static constexpr std::size_t kAtOnce = 500;
    static constexpr std::int64_t kRowsAtOnce = 100'000;
    static constexpr std::size_t kTotalsAtOnce = 20'000;

    Tx& tx_;
    const GetAnalytics& input_;
    LinkBook links_;
    Tally tally_;
    std::vector<std::int64_t> starts_;  // of the buckets of a series
    std::optional<ClosedDays> closed_;
    std::int64_t until_ms_;
};

std::int64_t hour_at_or_after(std::int64_t at_ms) {
    return start_of_hour_ms(at_ms + kHourMs - 1);
}

// Whole hours of one bucket come from the rollups; an hour that a bucket or the range cuts in two
// has to be counted again. Gives from when on that is complete.
Result<std::int64_t> count_from_rollups(Counter& counter, std::string_view dimension,
                                        const TimeRange& range,
                                        const std::vector<std::int64_t>& starts) {
    std::set<std::int64_t> cuts(starts.begin(), starts.end());
    cuts.erase(cuts.begin(), cuts.upper_bound(range.from_ms));
    cuts.insert(range.to_ms);
    auto whole_from_ms = hour_at_or_after(range.from_ms);
    auto counted_to_ms = range.from_ms;
    auto complete_ms = range.from_ms;
    const auto recount = [&](std::int64_t to_ms) {
        const auto since_ms = counter.scan(counted_to_ms, to_ms);
        if (since_ms > counted_to_ms) complete_ms = since_ms;
    };
    const auto count_whole_hours = [&](std::int64_t hour_ms) -> Result<void> {
        if (whole_from_ms >= hour_ms) return {};
        recount(whole_from_ms);
        HW_CHECK(counter.read_rollups(dimension, whole_from_ms, hour_ms));
        counted_to_ms = hour_ms;
        return {};
    };
    for (const auto cut_ms : cuts) {
        const auto hour_ms = start_of_hour_ms(cut_ms);
        if (hour_ms == cut_ms && cut_ms != range.to_ms) continue;
        HW_CHECK(count_whole_hours(hour_ms));
        recount(cut_ms);
        counted_to_ms = cut_ms;
        whole_from_ms = hour_at_or_after(cut_ms);
    }
    return complete_ms;
}

// Then the links need not be known to be counted.
bool is_of_all_links(const GetAnalytics& input) {
    return !input.as_series && input.group == std::vector{Field::LinkId} &&
           input.filter.fields.empty() && !input.filter.of_conversions();
}

bool holds_everything(Tx& tx, const TimeRange& range) {
    const auto first_ms = first_counted_hour(tx);
    const auto last_ms = last_counted_hour(tx);
    return !first_ms || (range.from_ms <= *first_ms && *last_ms + kHourMs <= range.to_ms);
}

Result<Analytics> count_all_links(Tx& tx, Counter& counter, const TimeRange& range) {
    Analytics found;
    if (holds_everything(tx, range)) {
        found.groups = HW_TRY(counter.top_links_of_all_time());
        return found;
    }
    const auto from_ms = std::min(hour_at_or_after(range.from_ms), range.to_ms);
    const auto to_ms = std::max(start_of_hour_ms(range.to_ms), from_ms);
    const auto head_ms = counter.scan(range.from_ms, from_ms);
    const auto tail_ms = counter.scan(to_ms, range.to_ms);
    if (head_ms > range.from_ms) found.complete_from_ms = head_ms;
    if (tail_ms > to_ms) found.complete_from_ms = tail_ms;
    found.groups = HW_TRY(counter.top_links(from_ms, to_ms));
    return found;
}

}  // namespace

Result<Analytics> get_analytics(Tx& tx, const GetAnalytics& input) {
    const auto first_ms = first_counted_hour(tx).value_or(tx.now_ms());
    auto range = HW_TRY(read_range(input.range, tx.now_ms(), first_ms));
    // Nothing is younger than now, so the hour that runs is as good as a whole one.
    if (range.to_ms > tx.now_ms()) range.to_ms = hour_at_or_after(range.to_ms);
    const auto starts = input.as_series ? bucket_starts(range) : std::vector<std::int64_t>{};
    Counter counter(tx, input, range);
    if (is_of_all_links(input)) return count_all_links(tx, counter, range);
    Analytics found;
    const auto dimension = answering_dimension(input);
    const auto since_ms = dimension ? HW_TRY(count_from_rollups(counter, *dimension, range, starts))
                                    : counter.scan(range.from_ms, range.to_ms);
    if (since_ms > range.from_ms) found.complete_from_ms = since_ms;
    if (!input.as_series) {
        found.groups = counter.tally().groups();
        if (input.group.empty() && found.groups.empty()) found.groups.emplace_back();
        return found;
    }
    for (std::size_t i = 0; i < starts.size(); ++i) {
        found.buckets.push_back({starts[i], counter.tally().buckets()[i]});
    }
    return found;
}

std::vector<TaggedLink> links_of_groups(Tx& tx, const std::vector<Tally::Group>& groups) {
    constexpr std::size_t kAtOnce = 500;
    std::vector<std::string> ids;
    for (const auto& group : groups) ids.push_back(group.values.front());
    std::vector<TaggedLink> links;
    for (std::size_t i = 0; i < ids.size(); i += kAtOnce) {
        auto found =
            find_tagged_links(tx, std::span(ids).subspan(i, std::min(kAtOnce, ids.size() - i)));
        for (auto j = i; j < std::min(i + kAtOnce, ids.size()); ++j) links.push_back(found[ids[j]]);
    }
    return links;
}

}  // namespace hw
