// SPDX-License-Identifier: Apache-2.0
// Whatever is asked for equals a recount, one fact at a time, of everything that happened.
#include "core/get_analytics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <future>
#include <map>
#include <random>

#include "base/civil_time.hpp"
#include "base/continent.hpp"
#include "base/id.hpp"
#include "base/limits.hpp"
#include "core/close_days.hpp"
#include "core/rollups.hpp"
#include "core/track_lead.hpp"
#include "core/track_sale.hpp"
#include "store/attributions.hpp"
#include "tests/fixture/engine_test.hpp"

namespace hw {
namespace {

// What happened, as the test saw it.
struct Seen {
    Touch touch;
    Link link;
    std::int64_t at_ms = 0;
    RollupCounts counts;
};

constexpr std::array<std::string_view, 4> kCountries{"DE", "US", "JP", "Unknown"};
constexpr std::array<std::string_view, 4> kCities{"Berlin", "Boston", "Tokyo", "Unknown"};
constexpr std::array<std::string_view, 3> kDevices{"Desktop", "Mobile", "Tablet"};
constexpr std::array<std::string_view, 3> kReferers{"(direct)", "news.example", "a.example"};
constexpr std::array<std::string_view, 3> kZones{"UTC", "Asia/Kolkata", "America/New_York"};

class AnalyticsTest : public EngineTest {
  protected:
    AnalyticsTest() { db = open({.url = url}); }

    std::size_t below(std::size_t bound) { return dice() % bound; }
    template <class List>
    auto any_of(const List& list) {
        return list[below(list.size())];
    }

    void open_workspace(int number) {
        workspace_id = fmt::format("{}_{}", first_workspace_id, number);
        domain = fmt::format("h{}.{}", number, first_domain);
        Workspace workspace;
        workspace.workspace_id = workspace.slug = workspace.name = workspace_id;
        workspace.currency = "usd";
        const auto made = write([&](Tx& tx) -> Result<bool> {
            return insert_workspace(tx, workspace) &&
                   insert_domain(tx, {.slug = domain,
                                      .workspace_id = workspace_id,
                                      .domain_id = domain,
                                      .primary = true,
                                      .created_at_ms = 1});
        });
        ASSERT_TRUE(made && *made);
    }

    void live(int operations) {
        for (const auto* key : {"spring", "summer", "autumn"}) {
            links.push_back(
                make_link(fmt::format("{}{}", key, dice()),
                          fmt::format("https://shop.example/{}?utm_source={}", key, key)));
        }
        for (int i = 0; i < operations; ++i) {
            env.advance_ms(static_cast<std::int64_t>(below(9 * kHourMs)));
            if (below(4) > 0 || touches.empty()) {
                click();
            } else if (below(3) > 0) {
                convert();
            } else {
                convert_late();
            }
            if (below(6) > 0) continue;
            ASSERT_TRUE(close_days(*db, workspace_id, 1 + below(3)));
        }
    }

    void click() {
        Touch touch;
        const auto& link = links[below(links.size())];
        touch.workspace_id = workspace_id;
        touch.at_ms = env.now_ms();
        touch.touch_id = new_click_id(touch.at_ms, env);
        touch.link_id = link.link_id;
        touch.visitor = static_cast<std::int64_t>(dice() >> 1);
        touch.country = any_of(kCountries);
        touch.city = any_of(kCities);
        touch.region = touch.country + "-X";
        touch.device = any_of(kDevices);
        touch.browser = touch.device == "Mobile" ? "Safari" : "Firefox";
        touch.os = "Linux";
        touch.referer = any_of(kReferers);
        touch.referer_url = "https://" + touch.referer + "/page?x=1";
        touch.trigger = below(3) == 0 ? "qr" : "link";
        touch.bot = below(9) == 0;
        std::promise<bool> recorded;
        db->record_click(touch, [&](Result<RecordedClick> done) { recorded.set_value(!!done); });
        ASSERT_TRUE(recorded.get_future().get());
        if (touch.bot) return;
        touches.push_back({touch, link, touch.at_ms, {.clicks = 1}});
        seen.push_back(touches.back());
    }

    void convert() {
        const auto from = touches[below(touches.size())];
        const auto customer = fmt::format("customer {}", dice());
        TrackLead lead;
        lead.click_id = from.touch.touch_id;
        lead.event_name = "Sign up";
        lead.customer.external_id = customer;
        ASSERT_TRUE(write([&](Tx& tx) { return track_lead(tx, lead); }));
        seen.push_back({from.touch, from.link, env.now_ms(), {.leads = 1}});
        for (auto left = below(3); left > 0; --left) {
            env.advance_ms(static_cast<std::int64_t>(below(kHourMs)));
            TrackSale sale;
            sale.customer.external_id = customer;
            sale.amount = static_cast<std::int64_t>(1 + below(5'000));
            sale.currency = "usd";
            sale.reporting_currency = "usd";
            ASSERT_TRUE(write([&](Tx& tx) { return track_sale(tx, sale); }));
            seen.push_back(
                {from.touch, from.link, env.now_ms(), {.sales = 1, .sale_amount = sale.amount}});
        }
    }

    // A lead of an earlier day that is known only now.
    void convert_late() {
        const auto& from = touches[below(touches.size())];
        Conversion lead;
        lead.workspace_id = workspace_id;
        lead.conversion_id = new_id("ld_", from.at_ms, env);
        lead.kind = "lead";
        lead.event_name = "Late";
        lead.occurred_at_ms = from.at_ms;
        Attribution attribution;
        attribution.workspace_id = workspace_id;
        attribution.conversion_id = lead.conversion_id;
        attribution.seq = 1;
        attribution.rung = "click_id";
        attribution.touch_id = from.touch.touch_id;
        attribution.link_id = from.link.link_id;
        ASSERT_TRUE(write([&](Tx& tx) -> Result<bool> {
            insert_conversion(tx, lead);
            insert_attribution(tx, attribution);
            count_lead(tx, &from.touch, from.link.link_id, from.at_ms);
            return true;
        }));
        seen.push_back({from.touch, from.link, from.at_ms, {.leads = 1}});
    }

    GetAnalytics question();
    void compare(const GetAnalytics& input);

    const std::string first_workspace_id = workspace_id;
    const std::string first_domain = domain;
    std::mt19937_64 dice;
    std::vector<Link> links;
    std::vector<Seen> touches;  // clicks that count
    std::vector<Seen> seen;
};

GetAnalytics AnalyticsTest::question() {
    static const std::vector<std::vector<Field>> groups{
        {},
        {Field::Country},
        {Field::Continent},
        {Field::Country, Field::Region},
        {Field::Country, Field::Region, Field::City},
        {Field::Device},
        {Field::Browser},
        {Field::Os},
        {Field::Trigger},
        {Field::Referer},
        {Field::RefererUrl},
        {Field::LinkId},
        {Field::Domain},
        {Field::Url},
        {Field::UtmSource},
    };
    GetAnalytics input;
    input.counting = static_cast<Counting>(below(4));
    input.as_series = below(3) == 0;
    if (!input.as_series) input.group = any_of(groups);
    input.range.timezone = any_of(kZones);
    input.range.interval =
        any_of(std::array<std::string_view, 6>{"24h", "7d", "30d", "90d", "mtd", "all"});
    if (below(3) == 0) {
        const auto& from = seen[below(seen.size())].at_ms;
        input.range.start = time_text(from);
        input.range.end = time_text(from + static_cast<std::int64_t>(below(40 * kDayMs)));
    }
    const auto add = [&](Field field, std::string_view text) {
        input.filter.fields.push_back(parse_field_filter(field, text));
    };
    if (below(3) == 0)
        add(Field::Country,
            any_of(std::array<std::string_view, 4>{"DE", "de,US", "-US", "-US,DE"}));
    if (below(5) == 0)
        add(Field::Device, any_of(std::array<std::string_view, 2>{"mobile", "-mobile"}));
    if (below(5) == 0) add(Field::LinkId, links[0].link_id + "," + links[1].link_id);
    if (below(8) == 0)
        add(Field::UtmSource, any_of(std::array<std::string_view, 2>{"spring", "-spring"}));
    return input;
}

std::string naive_value(const Seen& one, Field field) {
    switch (field) {
        case Field::LinkId:
            return one.link.link_id;
        case Field::Domain:
            return one.link.domain;
        case Field::Url:
            return one.link.url;
        case Field::UtmSource:
            return one.link.url.substr(one.link.url.find('=') + 1);
        case Field::Continent:
            return std::string(continent_of(one.touch.country));
        case Field::RefererUrl:
            return "https://" + one.touch.referer + "/page";
        default:
            return std::string(touch_value(one.touch, field));
    }
}

bool naive_admits(const GetAnalytics& input, const Seen& one) {
    for (const auto& [field, filter] : input.filter.fields) {
        bool named = false;
        for (const auto& value : filter.values) {
            auto found = naive_value(one, field);
            named = named || found == value || (found == "Mobile" && value == "mobile") ||
                    (found == "DE" && value == "de");
        }
        if (named == filter.negated) return false;
    }
    return true;
}

RollupCounts naive_counts(const RollupCounts& counts, Counting counting) {
    if (counting == Counting::Composite) return counts;
    if (counting == Counting::Clicks) return {.clicks = counts.clicks};
    if (counting == Counting::Leads) return {.leads = counts.leads};
    return {.sales = counts.sales, .sale_amount = counts.sale_amount};
}

using Naive = std::map<std::vector<std::string>, RollupCounts>;

Naive recount(const GetAnalytics& input, const TimeRange& range, const std::vector<Seen>& seen) {
    Naive counted;
    for (const auto& one : seen) {
        if (one.at_ms < range.from_ms || one.at_ms >= range.to_ms) continue;
        const auto counts = naive_counts(one.counts, input.counting);
        if (counts == RollupCounts{} || !naive_admits(input, one)) continue;
        std::vector<std::string> key;
        for (const auto field : input.group) key.push_back(naive_value(one, field));
        if (!key.empty() && (key.back().empty() || key.back() == "Unknown")) continue;
        if (input.as_series) {
            auto start_ms = range.zone.start_of(range.granularity, one.at_ms);
            key = {time_text(start_ms)};
        }
        counted[key].merge(counts);
    }
    return counted;
}

void AnalyticsTest::compare(const GetAnalytics& input) {
    const auto range = read_range(input.range, env.now_ms(), start_of_hour_ms(seen.front().at_ms));
    ASSERT_TRUE(range);
    const auto expected = recount(input, *range, seen);
    const auto found = read([&](Tx& tx) { return get_analytics(tx, input); });
    ASSERT_TRUE(found) << found.error().message;
    EXPECT_FALSE(found->complete_from_ms);
    Naive counted;
    for (const auto& group : found->groups) {
        if (group.counts != RollupCounts{}) counted[group.values] = group.counts;
    }
    for (const auto& bucket : found->buckets) {
        if (bucket.counts != RollupCounts{}) counted[{time_text(bucket.start_ms)}] = bucket.counts;
    }
    EXPECT_EQ(counted, expected);
}

// They are counted in ways of their own; dice would seldom ask for them.
std::vector<GetAnalytics> questions_of_links() {
    std::vector<GetAnalytics> questions;
    for (const auto counting :
         {Counting::Clicks, Counting::Leads, Counting::Sales, Counting::Composite}) {
        for (const auto* interval : {"all", "7d"}) {
            for (const auto* zone : {"UTC", "Asia/Kolkata"}) {
                GetAnalytics input;
                input.counting = counting;
                input.group = {Field::LinkId};
                input.range.interval = interval;
                input.range.timezone = zone;
                questions.push_back(input);
            }
        }
    }
    return questions;
}

TEST_P(AnalyticsTest, EqualsARecountOfWhatHappened) {
    const bool long_run = std::getenv("HW_LONG") != nullptr;
    const int histories = long_run ? 1'000 : 20;
    for (int i = 1; i <= histories && !HasFailure(); ++i) {
        SCOPED_TRACE(fmt::format("seed {}", i));
        dice.seed(static_cast<std::uint64_t>(i));
        const auto start_ms = env.now_ms();
        links.clear();
        touches.clear();
        seen.clear();
        open_workspace(i);
        live(40);
        for (int asked = 0; asked < 25 && !HasFailure(); ++asked) compare(question());
        for (const auto& input : questions_of_links()) compare(input);
        env.set_now_ms(start_ms + kDayMs);
    }
}

// A machine on which every look at the clock takes long.
class SlowEnv : public TestEnv {
  public:
    explicit SlowEnv(std::int64_t now_ms) { set_now_ms(now_ms); }
    std::int64_t now_ms() override {
        advance_ms(limits::kScanBudgetMs);
        return TestEnv::now_ms();
    }
};

TEST_P(AnalyticsTest, StopsWhenItsTimeIsUp) {
    open_workspace(0);
    live(20);
    struct Row {
        const char* name;
        std::vector<Field> group;
        bool as_series;
        std::string_view interval;
        const char* reason;
    };
    const std::vector<Row> rows{
        {"links since ever", {Field::LinkId}, false, "all", "too_much_to_read"},
        {"links", {Field::LinkId}, false, "24h", "too_much_to_read"},
        {"what links lead to", {Field::Url}, false, "all", "too_much_to_read"},
        {"countries", {Field::Country}, false, "all", "too_much_to_read"},
        {"series", {}, true, "all", "too_much_to_read"},
        {"facts", {Field::City}, false, "all", ""},
    };
    for (const auto& row : rows) {
        SCOPED_TRACE(row.name);
        GetAnalytics input;
        input.counting = Counting::Composite;
        input.group = row.group;
        input.as_series = row.as_series;
        input.range.interval = row.interval;
        SlowEnv slow(env.now_ms());
        const auto connection = connect(url, Access::ReadOnly);
        connection->begin(workspace_id);
        Tx tx(*connection, slow, workspace_id);
        const auto found = get_analytics(tx, input);
        EXPECT_EQ(found ? "" : found.error().reason, row.reason);
        connection->rollback();
    }
}

HW_ON_BOTH_ENGINES(AnalyticsTest);

}  // namespace
}  // namespace hw
