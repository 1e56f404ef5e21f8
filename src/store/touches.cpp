// SPDX-License-Identifier: Apache-2.0
#include "store/touches.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <map>
#include <tuple>

#include "base/civil_time.hpp"
#include "base/fault.hpp"
#include "base/id.hpp"
#include "base/limits.hpp"
#include "store/json_array.hpp"

namespace hw {
namespace {

namespace json = boost::json;

const Query kInsertTouch{"insert_touch", R"sql(
insert into touches (workspace_id, touch_id, at_ms, link_id, visitor, trigger_kind, url, referer,
    referer_url, country, region, city, continent, device, browser, os, user_agent, bot,
    counted)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
)sql"};

// PostgreSQL takes a whole batch as one statement, because an executor start per row costs more
// than reading JSON. On SQLite the prepared single insert is faster.
const Query kInsertTouches{"insert_touches", "", R"sql(
insert into touches (workspace_id, touch_id, at_ms, link_id, visitor, trigger_kind, url, referer,
    referer_url, country, region, city, continent, device, browser, os, user_agent, bot,
    counted)
select t->>0, t->>1, (t->>2)::bigint, t->>3, (t->>4)::bigint, t->>5, t->>6, t->>7, t->>8, t->>9,
    t->>10, t->>11, t->>12, t->>13, t->>14, t->>15, t->>16, (t->>17)::bigint,
    (t->>18)::bigint
from json_array_elements($1::json) as t
)sql"};

const Query kFindTouch{"find_touch", R"sql(
select workspace_id, touch_id, at_ms, link_id, visitor, trigger_kind, url, referer, referer_url,
    country, region, city, continent, device, browser, os, user_agent, bot
from touches where workspace_id = $1 and touch_id = $2
)sql"};

// Each engine unpacks a JSON array with a function of its own.
std::string find_touches_sql(std::string_view ids) {
    return fmt::format(R"sql(
select workspace_id, touch_id, at_ms, link_id, visitor, trigger_kind, url, referer, referer_url,
    country, region, city, continent, device, browser, os, user_agent, bot
from touches where workspace_id = $1 and touch_id in ({})
order by at_ms desc, touch_id desc
)sql",
                       ids);
}
const Query kFindTouches{"find_touches", find_touches_sql("select value from json_each($2)"),
                         find_touches_sql("select json_array_elements_text(cast($2 as json))")};

// The id tells the time, so that the newest are found by key. Bots are left out after that, so that
// a flood of them costs a bounded look.
const Query kLatestClicks{"latest_clicks", R"sql(
select workspace_id, touch_id, at_ms, link_id, visitor, trigger_kind, url, referer, referer_url,
    country, region, city, continent, device, browser, os, user_agent, bot
from (
    select * from touches where workspace_id = $1 and touch_id < $2
    order by touch_id desc limit $3
) t
where bot = 0 and at_ms <= $4 order by at_ms desc, touch_id desc limit $5
)sql"};

const Query kCountVisitsOfPartner{"count_visits_of_partner", R"sql(
select count(*) from (
    select workspace_id, link_id, visitor, bot from touches
    where workspace_id = $1 and touch_id >= $2 and touch_id <= $3 order by touch_id desc limit $4
) t join links l on l.workspace_id = t.workspace_id and l.link_id = t.link_id
where t.visitor = $5 and t.bot = 0 and l.partner_id = $6
)sql"};

const Query kRecentTouches{"recent_touches", R"sql(
select w.workspace_id, t.touch_id, t.at_ms, t.link_id, t.visitor, t.bot
from workspaces w cross join touches t
where t.workspace_id = w.workspace_id and t.touch_id >= $1 and (t.counted = 1 or t.bot = 1)
)sql"};

// Claims in key order, so that two nodes cannot deadlock. SQLite: see claim_recent_clicks.
const Query kClaimRecentClicks{"claim_recent_clicks", "", R"sql(
insert into recent_clicks as r (workspace_id, link_id, visitor, touch_id, at_ms)
select t->>0, t->>1, (t->>2)::bigint, t->>3, (t->>4)::bigint
from json_array_elements($1::json) as t order by 1, 2, 3
on conflict (workspace_id, link_id, visitor) do update
    set touch_id = excluded.touch_id, at_ms = excluded.at_ms
    where r.at_ms <= excluded.at_ms - $2::bigint
returning workspace_id, link_id, visitor, touch_id
)sql"};

// One look into the index for each row of `k`, whatever the planner thinks: under Row Level
// Security it uses an index for plain columns only, and takes the table for almost empty.
const Query kFindRecentClicks{"find_recent_clicks", "", R"sql(
with k as materialized (
    select t->>0 as workspace_id, t->>1 as link_id, (t->>2)::bigint as visitor
    from json_array_elements($1::json) as t
)
select r.workspace_id, r.link_id, r.visitor, r.touch_id
from k cross join lateral (
    select workspace_id, link_id, visitor, touch_id from recent_clicks
    where workspace_id = k.workspace_id and link_id = k.link_id and visitor = k.visitor offset 0
) r
)sql"};

const Query kForgetRecentClicks{"forget_recent_clicks", "",
                                "delete from recent_clicks where at_ms < $1"};

Touch touch_from(const Row& row) {
    Touch touch;
    touch.workspace_id = row.text(0);
    touch.touch_id = row.text(1);
    touch.at_ms = row.int64(2);
    touch.link_id = row.text(3);
    touch.visitor = row.int64(4);
    touch.trigger = row.text(5);
    touch.url = row.text(6);
    touch.referer = row.text(7);
    touch.referer_url = row.text(8);
    touch.country = row.text(9);
    touch.region = row.text(10);
    touch.city = row.text(11);
    touch.continent = row.text(12);
    touch.device = row.text(13);
    touch.browser = row.text(14);
    touch.os = row.text(15);
    touch.user_agent = row.text(16);
    touch.bot = row.boolean(17);
    return touch;
}

bool counts(const Touch& touch, Counted counted) {
    return counted == Counted::Yes && !touch.bot;
}

std::string touches_json(std::span<const Touch* const> touches, Counted counted) {
    json::array rows;
    rows.reserve(touches.size());
    for (const auto* t : touches) {
        rows.push_back(json::array{t->workspace_id, t->touch_id, t->at_ms, t->link_id, t->visitor,
                                   t->trigger, t->url, t->referer, t->referer_url, t->country,
                                   t->region, t->city, t->continent, t->device, t->browser, t->os,
                                   t->user_agent, t->bot ? 1 : 0, counts(*t, counted) ? 1 : 0});
    }
    return json::serialize(rows);
}

using ClaimKey = std::tuple<std::string, std::string, std::int64_t>;
using Holders = std::map<ClaimKey, std::string>;  // who holds visitor+link, by click id

std::vector<std::optional<std::string>> claim_in_table(Tx& tx,
                                                       std::span<const Touch* const> touches) {
    json::array rows;
    for (const auto* t : touches) {
        rows.push_back(
            json::array{t->workspace_id, t->link_id, dedup_visitor(*t), t->touch_id, t->at_ms});
    }
    const auto text = json::serialize(rows);
    Holders holders;
    const auto note = [&](const Row& row) {
        holders[{row.text(0), row.text(1), row.int64(2)}] = row.text(3);
    };
    tx.each(kClaimRecentClicks, note, text, limits::kClickDedupMs);
    if (holders.size() < touches.size()) tx.each(kFindRecentClicks, note, text);

    std::vector<std::optional<std::string>> earlier;
    for (const auto* t : touches) {
        const auto& holder = holders.at({t->workspace_id, t->link_id, dedup_visitor(*t)});
        earlier.push_back(holder == t->touch_id ? std::nullopt : std::optional(holder));
    }
    return earlier;
}

}  // namespace

std::int64_t dedup_visitor(const Touch& touch) {
    return touch.bot ? ~touch.visitor : touch.visitor;
}

RecentKey recent_key(const Touch& touch) {
    return recent_key(touch.workspace_id, touch.link_id, dedup_visitor(touch));
}

void insert_touches(Tx& tx, std::span<const Touch* const> touches, Counted counted) {
    if (touches.empty()) return;
    if (tx.engine() == EngineKind::Postgres) {
        tx.exec(kInsertTouches, touches_json(touches, counted));
        return;
    }
    for (const auto* t : touches) {
        tx.exec(kInsertTouch, t->workspace_id, t->touch_id, t->at_ms, t->link_id, t->visitor,
                t->trigger, t->url, t->referer, t->referer_url, t->country, t->region, t->city,
                t->continent, t->device, t->browser, t->os, t->user_agent, t->bot,
                counts(*t, counted));
    }
}

std::optional<Touch> find_touch(Tx& tx, std::string_view workspace_id, std::string_view touch_id) {
    return tx.first(kFindTouch, touch_from, workspace_id, touch_id);
}

std::vector<Touch> find_touches(Tx& tx, std::string_view workspace_id,
                                std::span<const std::string> touch_ids) {
    if (touch_ids.empty()) return {};
    return tx.all(kFindTouches, touch_from, workspace_id, json_array_text(touch_ids));
}

std::vector<Touch> latest_clicks(Tx& tx, std::string_view workspace_id, std::int64_t until_ms,
                                 std::int64_t limit) {
    return tx.all(kLatestClicks, touch_from, workspace_id, first_click_id(until_ms + 1),
                  limits::kTouchesLookedAtMax, until_ms, limit);
}

std::int64_t count_visits_of_partner(Tx& tx, const Touch& touch, std::string_view partner_id,
                                     std::int64_t limit) {
    const auto from = first_click_id(std::max(touch.at_ms - kHourMs, std::int64_t{0}));
    const auto count = tx.first(
        kCountVisitsOfPartner, [](const Row& row) { return row.int64(0); }, touch.workspace_id,
        from, touch.touch_id, limit, touch.visitor, partner_id);
    return count.value_or(0);
}

std::vector<std::optional<std::string>> claim_recent_clicks(Tx& tx,
                                                            std::span<const Touch* const> touches) {
    if (touches.empty()) return {};
    if (tx.engine() == EngineKind::Postgres) return claim_in_table(tx, touches);
    HW_ASSERT(tx.recent_clicks() != nullptr);
    std::vector<std::optional<std::string>> earlier;
    for (const auto* t : touches) {
        earlier.push_back(tx.recent_clicks()->find(recent_key(*t), t->at_ms));
    }
    return earlier;
}

void each_recent_touch(Tx& tx, std::int64_t from_ms, FunctionRef<void(const Touch&)> on_touch) {
    tx.each(
        kRecentTouches,
        [&](const Row& row) {
            Touch touch;
            touch.workspace_id = row.text(0);
            touch.touch_id = row.text(1);
            touch.at_ms = row.int64(2);
            touch.link_id = row.text(3);
            touch.visitor = row.int64(4);
            touch.bot = row.boolean(5);
            on_touch(touch);
        },
        first_click_id(from_ms));
}

void forget_recent_clicks(Tx& tx, std::int64_t before_ms) {
    if (tx.engine() == EngineKind::Postgres) tx.exec(kForgetRecentClicks, before_ms);
}

}  // namespace hw
