// SPDX-License-Identifier: Apache-2.0
#include "core/ladder.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "base/civil_time.hpp"
#include "base/limits.hpp"
#include "base/link_key.hpp"
#include "core/attribution_policy.hpp"
#include "store/discount_codes.hpp"
#include "store/identities.hpp"
#include "store/page_views.hpp"
#include "store/workspaces.hpp"

namespace hw {
namespace {

// What was told by itself, then what else is known to have been told.
std::vector<std::string> told(std::string_view first, const std::vector<std::string>& also) {
    std::vector<std::string> values;
    if (!first.empty()) values.emplace_back(first);
    for (const auto& value : also) {
        if (value != first) values.push_back(value);
    }
    return values;
}

std::vector<Found> by_click_id(LadderFacts& facts) {
    std::vector<Found> found;
    for (const auto& id : told(facts.input().told_click_id, facts.input().evidence.click_ids)) {
        Found one;
        one.touch = facts.touch(id);
        if (one.touch) {
            one.link_id = one.touch->link_id;
        } else {
            one.missing = "click_not_found";
        }
        found.push_back(std::move(one));
    }
    return found;
}

void add_clicks(const Link& link, const std::vector<Touch>& clicks, std::vector<Found>& found) {
    for (const auto& click : clicks) {
        if (click.link_id != link.link_id) continue;
        const bool is_known = std::ranges::any_of(found, [&](const Found& one) {
            return one.touch && one.touch->touch_id == click.touch_id;
        });
        if (!is_known) found.push_back({.touch = click, .link_id = link.link_id});
    }
}

void add_links_of_key(LadderFacts& facts, std::string_view slug, const std::vector<Touch>& clicks,
                      std::vector<Found>& found) {
    const auto links = links_of_key(facts.tx(), slug);
    for (const auto& link : links) {
        add_clicks(link, clicks, found);
        found.push_back({.link_id = link.link_id});
    }
    if (links.empty()) found.push_back({.missing = "link_not_found"});
}

// The page that a click on the link led to is that click's.
bool was_led_by(const SeenKey& seen, const Link& link, const std::vector<Touch>& clicks) {
    return std::ranges::any_of(clicks, [&](const Touch& click) {
        return click.link_id == link.link_id && click.at_ms <= seen.at_ms &&
               seen.at_ms - click.at_ms < limits::kSessionIdleMs;
    });
}

// A key that no link has is nothing here: pages have such parameters for reasons of their own.
void add_seen_key(LadderFacts& facts, const SeenKey& seen, const std::vector<Touch>& clicks,
                  std::vector<Found>& found) {
    for (const auto& link : links_of_key(facts.tx(), seen.key)) {
        add_clicks(link, clicks, found);
        if (was_led_by(seen, link, clicks)) continue;
        found.push_back({.link_id = link.link_id, .seen_at_ms = seen.at_ms});
    }
}

// The customer's clicks on the links of that key, then the links themselves, the primary domain's
// first; and those whose key stood in the URL of a page that the customer saw.
std::vector<Found> by_link_slug(LadderFacts& facts) {
    const auto slugs = told(facts.input().told_link_slug, facts.input().evidence.link_slugs);
    const auto& seen_keys = facts.seen_keys();
    if (slugs.empty() && seen_keys.empty()) return {};
    const auto& clicks = facts.clicks_of_person();
    std::vector<Found> found;
    for (const auto& slug : slugs) add_links_of_key(facts, slug, clicks, found);
    for (const auto& seen : seen_keys) add_seen_key(facts, seen, clicks, found);
    return found;
}

std::vector<Found> by_lead(LadderFacts& facts) {
    const auto* customer = facts.input().customer;
    if (customer == nullptr) return {};
    const auto lead = find_attributed_lead(facts.tx(), facts.tx().workspace_id(),
                                           customer->customer_id, facts.input().lead_event_name,
                                           facts.input().occurred_at_ms, facts.input().own_lead_id);
    if (!lead) return {{.missing = "lead_not_found"}};
    Found found{.link_id = lead->link_id, .lead_id = lead->lead_id};
    if (lead->touch_id) found.touch = facts.touch(*lead->touch_id);
    return {std::move(found)};
}

std::vector<Found> by_customer(LadderFacts& facts) {
    const auto* customer = facts.input().customer;
    if (customer == nullptr) return {};
    if (!customer->link_id || facts.brought_origin()) {
        return {{.missing = "customer_without_link"}};
    }
    Found found{.link_id = customer->link_id};
    if (customer->touch_id) found.touch = facts.touch(*customer->touch_id);
    return {std::move(found)};
}

// The links that partners' discount codes stand for.
std::vector<Found> by_code(LadderFacts& facts) {
    std::vector<Found> found;
    for (const auto& value : told(facts.input().told_code, facts.input().evidence.codes)) {
        const auto code = find_discount_code_by_code(facts.tx(), facts.tx().workspace_id(), value);
        if (!code) {
            found.push_back({.missing = "code_not_found"});
            continue;
        }
        Found one{.link_id = code->link_id};
        const bool was_disabled =
            code->disabled_at_ms && *code->disabled_at_ms <= facts.input().occurred_at_ms;
        if (was_disabled) one.missing = "code_disabled";
        found.push_back(std::move(one));
    }
    return found;
}

// The same person by visitor, session, e-mail or customer.
std::vector<Found> by_identity(LadderFacts& facts) {
    std::vector<Found> found;
    for (const auto& touch : facts.clicks_of_person()) {
        found.push_back({.touch = touch, .link_id = touch.link_id});
    }
    return found;
}

// The workspace's most recent clicks: nothing proves that it was the same person. Without the skew
// that clocks are granted, or the next visitor's click would take the sale.
std::vector<Found> by_workspace(LadderFacts& facts) {
    std::vector<Found> found;
    for (auto& touch :
         latest_clicks(facts.tx(), facts.tx().workspace_id(), facts.input().occurred_at_ms,
                       limits::kInferredCandidatesMax)) {
        auto link_id = touch.link_id;
        found.push_back({.touch = std::move(touch), .link_id = std::move(link_id)});
    }
    return found;
}

// The longest window that a workspace may set, and the skew that clocks are granted.
constexpr std::int64_t kPersonClicksMs = kRungWindowDaysMax * kDayMs + limits::kClockSkewMs;

void add_once(std::vector<Touch>& clicks, const Touch& click) {
    const auto same = [&](const Touch& known) { return known.touch_id == click.touch_id; };
    if (std::ranges::none_of(clicks, same)) clicks.push_back(click);
}

// Each by itself: what was told of one payment may name several browsers.
std::vector<PersonKeys> names_of(const MatchInput& input) {
    std::vector<PersonKeys> names;
    std::string external_id(input.told_customer_id);
    if (input.customer != nullptr) external_id = input.customer->external_id;
    if (!external_id.empty()) names.push_back({.external_customer_id = external_id});
    for (const auto& visitor : input.evidence.visitors) {
        names.push_back({.visitor_fingerprint = visitor});
    }
    for (const auto& session : input.evidence.sessions) names.push_back({.session_id = session});
    for (const auto& email : input.evidence.emails) names.push_back({.email_hash = email});
    return names;
}

constexpr std::array<Rung, 10> kLadder{{
    {"click_id", "certain", std::nullopt, Proof::Told, by_click_id},
    {"link_slug", "certain", 60 * kDayMs, Proof::Told, by_link_slug},
    {"lead", "certain", std::nullopt, Proof::Lead, by_lead},
    {"customer", "certain", std::nullopt, Proof::Told, by_customer},
    {"code", "certain", std::nullopt, Proof::Told, by_code},
    {"identity_60d", "identified", 60 * kDayMs, Proof::Person, by_identity},
    {"identity_90d", "identified", 90 * kDayMs, Proof::Person, by_identity},
    {"workspace_60d", "inferred", 60 * kDayMs, Proof::None, by_workspace},
    {"workspace_90d", "inferred", 90 * kDayMs, Proof::None, by_workspace},
    {"workspace_any", "inferred", std::nullopt, Proof::None, by_workspace},
}};

}  // namespace

const std::optional<Link>& LadderFacts::link(const std::string& link_id) {
    const auto known = links_.find(link_id);
    if (known != links_.end()) return known->second;
    return links_[link_id] = find_link(tx_, tx_.workspace_id(), link_id);
}

const std::optional<Touch>& LadderFacts::touch(const std::string& touch_id) {
    const auto known = touches_.find(touch_id);
    if (known != touches_.end()) return known->second;
    return touches_[touch_id] = find_touch(tx_, tx_.workspace_id(), touch_id);
}

// The first one, unless this very sale brought it, and that of the lead.
std::vector<Touch> LadderFacts::clicks_of_customer() {
    const auto* customer = input_.customer;
    if (customer == nullptr) return {};
    std::vector<Touch> clicks;
    const auto add = [&](const std::optional<std::string>& touch_id) {
        if (!touch_id) return;
        if (const auto& click = touch(*touch_id)) add_once(clicks, *click);
    };
    if (!brought_origin()) add(customer->touch_id);
    const auto lead = find_attributed_lead(tx_, tx_.workspace_id(), customer->customer_id,
                                           std::nullopt, input_.occurred_at_ms, input_.own_lead_id);
    if (lead) add(lead->touch_id);
    return clicks;
}

const std::vector<std::string>& LadderFacts::visitors() {
    if (visitors_) return *visitors_;
    visitors_.emplace();
    for (const auto& person : names_of(input_)) {
        for (auto& each : fingerprints_of_person(tx_, tx_.workspace_id(), person)) {
            if (std::ranges::find(*visitors_, each) == visitors_->end()) {
                visitors_->push_back(std::move(each));
            }
        }
    }
    return *visitors_;
}

const std::vector<Touch>& LadderFacts::clicks_of_person() {
    if (of_person_) return *of_person_;
    of_person_ = clicks_of_customer();
    for (const auto& click :
         clicks_of_visitors(tx_, tx_.workspace_id(), visitors(),
                            {.from_ms = input_.occurred_at_ms - kPersonClicksMs,
                             .to_ms = input_.occurred_at_ms + limits::kClockSkewMs,
                             .limit = limits::kPersonClicksMax})) {
        add_once(*of_person_, click);
    }
    return *of_person_;
}

// A known customer's sale follows the lead, whatever the pages say.
const std::vector<SeenKey>& LadderFacts::seen_keys() {
    if (seen_keys_) return *seen_keys_;
    std::set<SeenKey> keys(input_.evidence.seen_keys.begin(), input_.evidence.seen_keys.end());
    if (!input_.follow_lead_only) {
        for (const auto& [key, first_ms, last_ms] : page_keys_of_visitors(
                 tx_, visitors(), input_.occurred_at_ms - kPersonClicksMs,
                 input_.occurred_at_ms + limits::kClockSkewMs, limits::kPageKeysMax)) {
            keys.insert({key, first_ms});
            keys.insert({key, last_ms});
        }
    }
    seen_keys_.emplace(keys.begin(), keys.end());
    return *seen_keys_;
}

std::span<const Rung> ladder() {
    return kLadder;
}

RungSetting setting_of(const AttributionPolicy& policy, const Rung& rung) {
    const auto set = policy.rungs.find(rung.name);
    if (set != policy.rungs.end()) return set->second;
    return {.enabled = true, .window_ms = rung.window_ms};
}

std::vector<Link> links_of_key(Tx& tx, std::string_view slug) {
    std::vector<Link> links;
    for (const auto& domain : list_domains(tx, tx.workspace_id())) {
        auto link = find_link_by_key(tx, tx.workspace_id(), domain.slug, fold_key(slug));
        if (link) links.push_back(std::move(*link));
    }
    return links;
}

}  // namespace hw
