// SPDX-License-Identifier: Apache-2.0
#include "core/get_analytics.hpp"

#include <algorithm>
#include <set>
#include <span>

#include "base/civil_time.hpp"
#include "base/limits.hpp"
#include "core/rollups.hpp"
#include "core/scan_events.hpp"
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
            also(scan_conversions(tx_, "purchase", scan, input_.filter, links_, tally_));
        }
        if (all || input_.counting == Counting::Leads) {
            also(scan_conversions(tx_, "lead", scan, input_.filter, links_, tally_));
        }
        if (all || input_.counting == Counting::Clicks) {
            also(scan_clicks(tx_, scan, input_.filter, links_, tally_));
        }
        return complete_ms;
    }

    void read_rollups(std::string_view dimension, const HourRange& hours) {
        if (hours.from_ms >= hours.to_ms) return;
        const auto named = named_links(dimension);
        if (input_.as_series) return read_series(dimension, hours, named);
        if (!named) return add_sums(dimension, sum_dimension(tx_, dimension, hours));
        std::vector<ValueCounts> sums;
        for (const auto& id : *named) sums.push_back({id, sum_value(tx_, dimension, id, hours)});
        add_sums(dimension, sums);
    }

  private:
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

    void add_sums(std::string_view dimension, std::span<const ValueCounts> sums) {
        const bool by_link = dimension == kDimensionLink;
        while (!sums.empty()) {
            const auto some = sums.first(std::min(sums.size(), kAtOnce));
            sums = sums.subspan(some.size());
            if (by_link) load(some);
            for (const auto& [value, counts] : some) {
                const auto touch = touch_with(dimension, value);
                tally_.add({by_link ? value : std::string{}, touch ? &*touch : nullptr, 0, counts});
            }
        }
    }

    void load(std::span<const ValueCounts> sums) {
        std::vector<std::string> ids;
        for (const auto& sum : sums) ids.push_back(sum.value);
        links_.load(ids);
    }

    void read_series(std::string_view dimension, const HourRange& hours,
                     const std::optional<std::vector<std::string>>& named) {
        const auto values = dimension == kDimensionAll ? std::vector<std::string>{""}
                            : named                    ? *named
                                                       : values_of_dimension(tx_, dimension);
        const bool by_link = dimension == kDimensionLink;
        for (std::size_t i = 0; i < values.size(); ++i) {
            if (by_link && i % kAtOnce == 0) {
                links_.load(std::span(values).subspan(i, std::min(kAtOnce, values.size() - i)));
            }
            read_value(dimension, values[i], hours);
        }
    }

    void read_value(std::string_view dimension, const std::string& value, const HourRange& hours) {
        const bool by_link = dimension == kDimensionLink;
        // Most values of a filtered dimension are not wanted: their hours need not be read.
        if (by_link && !is_wanted(value)) return;
        const auto touch = touch_with(dimension, value);
        if (touch && !input_.filter.admits_touch(*touch)) return;
        each_hour_of_value(
            tx_, dimension, value, hours, [&](std::int64_t hour_ms, const RollupCounts& counts) {
                tally_.add(
                    {by_link ? value : std::string{}, touch ? &*touch : nullptr, hour_ms, counts});
            });
    }

    bool is_wanted(const std::string& link_id) const {
        const auto* link = links_.find(link_id);
        return link != nullptr && input_.filter.admits_link(*link);
    }

    static constexpr std::size_t kAtOnce = 500;

    Tx& tx_;
    const GetAnalytics& input_;
    LinkBook links_;
    Tally tally_;
    std::int64_t until_ms_;
};

std::int64_t hour_at_or_after(std::int64_t at_ms) {
    return start_of_hour_ms(at_ms + kHourMs - 1);
}

// Whole hours of one bucket come from the rollups; an hour that a bucket or the range cuts in two
// has to be counted again. Gives from when on that is complete.
std::int64_t count_from_rollups(Counter& counter, std::string_view dimension,
                                const TimeRange& range, const std::vector<std::int64_t>& starts) {
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
    for (const auto cut_ms : cuts) {
        const auto hour_ms = start_of_hour_ms(cut_ms);
        if (hour_ms == cut_ms && cut_ms != range.to_ms) continue;
        if (whole_from_ms < hour_ms) {
            recount(whole_from_ms);
            counter.read_rollups(dimension, {whole_from_ms, hour_ms});
            counted_to_ms = hour_ms;
        }
        recount(cut_ms);
        counted_to_ms = cut_ms;
        whole_from_ms = hour_at_or_after(cut_ms);
    }
    return complete_ms;
}

}  // namespace

Result<Analytics> get_analytics(Tx& tx, const GetAnalytics& input) {
    const auto first_ms = first_counted_hour(tx).value_or(tx.now_ms());
    auto range = HW_TRY(read_range(input.range, tx.now_ms(), first_ms));
    // Nothing is younger than now, so the hour that runs is as good as a whole one.
    if (range.to_ms > tx.now_ms()) range.to_ms = hour_at_or_after(range.to_ms);
    const auto starts = input.as_series ? bucket_starts(range) : std::vector<std::int64_t>{};
    Counter counter(tx, input, range);
    Analytics found;
    const auto dimension = answering_dimension(input);
    const auto since_ms = dimension ? count_from_rollups(counter, *dimension, range, starts)
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
