// SPDX-License-Identifier: Apache-2.0
#include "store/identities.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <cstdlib>
#include <functional>

#include "base/id.hpp"
#include "base/limits.hpp"
#include "store/customers.hpp"

namespace hw {
namespace {

namespace json = boost::json;

const Query kInsertIdentity{"insert_identity", R"sql(
insert into identities (workspace_id, kind, value, fingerprint, at_ms) values ($1, $2, $3, $4, $5)
on conflict do nothing returning 1
)sql"};

// As insert_touches: one statement for a batch on PostgreSQL, in the order of the key.
const Query kInsertIdentities{"insert_identities", "", R"sql(
insert into identities (workspace_id, kind, value, fingerprint, at_ms)
select t->>0, t->>1, t->>2, t->>3, (t->>4)::bigint
from json_array_elements($1::json) as t order by 1, 2, 3, 4
on conflict do nothing returning workspace_id, kind, value, fingerprint, at_ms
)sql"};

const Query kFingerprintsOf{"list_fingerprints_of_identity", R"sql(
select fingerprint from identities where workspace_id = $1 and kind = $2 and value = $3
order by fingerprint limit $4
)sql"};

const Query kIdentitiesOf{"list_identities_of_visitor", R"sql(
select value from identities where workspace_id = $1 and fingerprint = $2 and kind = $3
order by value limit $4
)sql"};

const Query kClickIdentitiesOf{"list_click_identities_of_visitor", R"sql(
select value from identities
where workspace_id = $1 and fingerprint = $2 and kind = 'click' and value >= $3 and value < $4
order by value desc limit $5
)sql"};

const Query kInsertVisitorClick{"insert_visitor_click", R"sql(
insert into visitor_clicks (workspace_id, visitor, touch_id)
select $1, $2, $3 where exists (select 1 from ingest_tokens where workspace_id = $1)
on conflict do nothing
)sql"};

const Query kInsertVisitorClicks{"insert_visitor_clicks", "", R"sql(
insert into visitor_clicks (workspace_id, visitor, touch_id)
select t->>0, (t->>1)::bigint, t->>2
from json_array_elements($1::json) as t
where exists (select 1 from ingest_tokens i where i.workspace_id = t->>0)
order by 1, 2, 3 on conflict do nothing
)sql"};

const Query kVisitorClicks{"list_visitor_clicks", R"sql(
select touch_id from visitor_clicks
where workspace_id = $1 and visitor = $2 and touch_id >= $3 and touch_id < $4
order by touch_id desc limit $5
)sql"};

std::string first_text(const Row& row) {
    return row.text(0);
}

std::vector<std::string> fingerprints_of(Tx& tx, std::string_view workspace_id,
                                         std::string_view kind, std::string_view value) {
    if (value.empty()) return {};
    return tx.all(kFingerprintsOf, first_text, workspace_id, kind, value,
                  limits::kFingerprintsOfPersonMax);
}

void add_new(std::vector<std::string>& to, std::vector<std::string> more) {
    for (auto& text : more) {
        const bool full = to.size() >= static_cast<std::size_t>(limits::kFingerprintsOfPersonMax);
        if (!full && std::ranges::find(to, text) == to.end()) to.push_back(std::move(text));
    }
}

// The one customer whom these visitors are known to be; empty when there is none, or several.
std::string only_customer(Tx& tx, std::string_view workspace_id,
                          const std::vector<std::string>& fingerprints) {
    std::vector<std::string> customers;
    constexpr std::int64_t kEnoughToTell = 2;
    for (const auto& fingerprint : fingerprints) {
        add_new(customers, tx.all(kIdentitiesOf, first_text, workspace_id, fingerprint,
                                  std::string_view("customer"), kEnoughToTell));
        if (customers.size() > 1) return {};
    }
    return customers.empty() ? std::string{} : customers.front();
}

// Newest first: click ids sort by time.
struct ClickRange {
    std::string from;
    std::string before;
    std::int64_t limit;
};

void add_clicks_of_visitor(Tx& tx, std::string_view workspace_id, std::string_view fingerprint,
                           const ClickRange& range, std::vector<std::string>& ids) {
    for (auto& id : tx.all(kClickIdentitiesOf, first_text, workspace_id, fingerprint, range.from,
                           range.before, range.limit)) {
        ids.push_back(std::move(id));
    }
    const auto addresses = tx.all(kIdentitiesOf, first_text, workspace_id, fingerprint,
                                  std::string_view("address"), limits::kAddressesOfVisitorMax);
    for (const auto& address : addresses) {
        const std::int64_t visitor = std::strtoll(address.c_str(), nullptr, 10);
        for (auto& id : tx.all(kVisitorClicks, first_text, workspace_id, visitor, range.from,
                               range.before, range.limit)) {
            ids.push_back(std::move(id));
        }
    }
}

}  // namespace

std::vector<Identity> insert_identities(Tx& tx, std::span<const Identity> identities) {
    std::vector<Identity> added;
    if (identities.empty()) return added;
    if (tx.engine() == EngineKind::Sqlite) {
        for (const auto& each : identities) {
            const bool is_new = tx.any(kInsertIdentity, each.workspace_id, each.kind, each.value,
                                       each.fingerprint, each.at_ms);
            if (is_new) added.push_back(each);
        }
        return added;
    }
    json::array rows;
    for (const auto& each : identities) {
        rows.push_back(
            json::array{each.workspace_id, each.kind, each.value, each.fingerprint, each.at_ms});
    }
    const auto text = json::serialize(rows);
    tx.each(
        kInsertIdentities,
        [&](const Row& row) {
            added.push_back({row.text(0), row.text(1), row.text(2), row.text(3), row.int64(4)});
        },
        text);
    return added;
}

void insert_visitor_clicks(Tx& tx, std::span<const Touch* const> touches) {
    if (tx.engine() == EngineKind::Sqlite) {
        for (const auto* touch : touches) {
            if (touch->bot) continue;
            tx.exec(kInsertVisitorClick, touch->workspace_id, touch->visitor, touch->touch_id);
        }
        return;
    }
    json::array rows;
    for (const auto* touch : touches) {
        if (touch->bot) continue;
        rows.push_back(json::array{touch->workspace_id, touch->visitor, touch->touch_id});
    }
    if (rows.empty()) return;
    const auto text = json::serialize(rows);
    tx.exec(kInsertVisitorClicks, text);
}

std::vector<std::string> fingerprints_of_person(Tx& tx, std::string_view workspace_id,
                                                const PersonKeys& person) {
    auto external_id = person.external_customer_id;
    if (external_id.empty() && !person.customer_id.empty()) {
        const auto customer = find_customer(tx, workspace_id, person.customer_id);
        if (customer) external_id = customer->external_id;
    }
    std::vector<std::string> found;
    if (!person.visitor_fingerprint.empty()) found.push_back(person.visitor_fingerprint);
    add_new(found, fingerprints_of(tx, workspace_id, "visitor", person.visitor_fingerprint));
    add_new(found, fingerprints_of(tx, workspace_id, "session", person.session_id));
    add_new(found, fingerprints_of(tx, workspace_id, "customer", external_id));
    add_new(found, fingerprints_of(tx, workspace_id, "email", person.email_hash));
    if (!external_id.empty()) return found;
    const auto customer = only_customer(tx, workspace_id, found);
    add_new(found, fingerprints_of(tx, workspace_id, "customer", customer));
    return found;
}

std::vector<Touch> clicks_of_visitors(Tx& tx, std::string_view workspace_id,
                                      std::span<const std::string> fingerprints,
                                      const ClickTimes& times) {
    if (times.to_ms < times.from_ms || times.limit == 0) return {};
    const ClickRange range{first_click_id(std::max<std::int64_t>(times.from_ms, 0)),
                           first_click_id(times.to_ms + 1), static_cast<std::int64_t>(times.limit)};
    std::vector<std::string> ids;
    for (const auto& fingerprint : fingerprints) {
        add_clicks_of_visitor(tx, workspace_id, fingerprint, range, ids);
    }
    std::ranges::sort(ids, std::greater{});
    const auto repeated = std::ranges::unique(ids);
    ids.erase(repeated.begin(), repeated.end());
    // A page may name a click that never was, so that more are looked up than are wanted.
    auto clicks = find_touches(tx, workspace_id, ids);
    if (clicks.size() > times.limit) clicks.resize(times.limit);
    return clicks;
}

std::vector<Touch> clicks_of_person(Tx& tx, std::string_view workspace_id, const PersonKeys& person,
                                    std::int64_t from_ms, std::int64_t to_ms, std::size_t limit) {
    if (to_ms < from_ms || limit == 0) return {};
    const auto fingerprints = fingerprints_of_person(tx, workspace_id, person);
    return clicks_of_visitors(tx, workspace_id, fingerprints,
                              {.from_ms = from_ms, .to_ms = to_ms, .limit = limit});
}

}  // namespace hw
