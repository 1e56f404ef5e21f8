// SPDX-License-Identifier: Apache-2.0
#include "core/journey_touches.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <tuple>

#include "base/ascii.hpp"
#include "base/limits.hpp"
#include "base/url_parameters.hpp"
#include "core/ladder.hpp"
#include "store/journey_clicks.hpp"
#include "store/journey_visits.hpp"
#include "store/links.hpp"

namespace hw {
namespace {

constexpr std::string_view kNoReferer = "(direct)";

using LinksById = std::map<std::string, Link>;

std::string parameter_of(const Touch& click, const Link* link, std::string_view name) {
    auto value = url_parameter(click.url, name);
    if (!value && link != nullptr) value = url_parameter(link->url, name);
    return ascii_lower(value.value_or(""));
}

// From the surest sign to the weakest.
std::string channel_of(const Touch& click, const JourneyTouch& touch, const std::string& medium) {
    if (!touch.partner_id.empty()) return "affiliate";
    if (!medium.empty()) return medium;
    if (click.trigger == "qr") return "qr";
    if (touch.source == kDirectChannel) return std::string(kDirectChannel);
    return touch.source == ascii_lower(click.referer) ? "referral" : "campaign";
}

JourneyTouch touch_of(const Touch& click, const LinksById& links) {
    const auto found = links.find(click.link_id);
    const auto* link = found == links.end() ? nullptr : &found->second;
    JourneyTouch touch;
    touch.touch_id = click.touch_id;
    touch.at_ms = click.at_ms;
    touch.link_id = click.link_id;
    if (link != nullptr) touch.partner_id = link->partner_id.value_or("");
    touch.source = parameter_of(click, link, "utm_source");
    if (touch.source.empty() && !click.referer.empty() && click.referer != kNoReferer) {
        touch.source = ascii_lower(click.referer);
    }
    if (touch.source.empty()) touch.source = kDirectChannel;
    touch.campaign = parameter_of(click, link, "utm_campaign");
    touch.channel = channel_of(click, touch, parameter_of(click, link, "utm_medium"));
    return touch;
}

template <class Clicks, class LinkOf>
LinksById links_of(Tx& tx, const Clicks& clicks, LinkOf link_of) {
    std::set<std::string> ids;
    for (const auto& click : clicks) ids.insert(link_of(click));
    const std::vector<std::string> wanted(ids.begin(), ids.end());
    LinksById links;
    for (auto& link : find_links(tx, tx.workspace_id(), wanted)) {
        auto id = link.link_id;
        links.emplace(std::move(id), std::move(link));
    }
    return links;
}

// From the surest sign to the weakest, as of a click.
std::string channel_of(const PageView& page, const JourneyTouch& touch) {
    if (!touch.partner_id.empty()) return "affiliate";
    if (!page.utm_medium.empty()) return ascii_lower(page.utm_medium);
    if (!page.utm_source.empty()) return "campaign";
    return touch.source == kDirectChannel ? std::string(kDirectChannel) : "referral";
}

JourneyTouch touch_of(const PageView& page, const std::map<std::string, Link>& links_by_key) {
    JourneyTouch touch;
    touch.kind = "pageview";
    touch.touch_id = page.page_view_id;
    touch.at_ms = page.at_ms;
    const auto link = links_by_key.find(page.via);
    if (link != links_by_key.end()) {
        touch.link_id = link->second.link_id;
        touch.partner_id = link->second.partner_id.value_or("");
    }
    touch.source = page.source == kNoReferer ? kDirectChannel : ascii_lower(page.source);
    touch.campaign = ascii_lower(page.utm_campaign);
    touch.channel = channel_of(page, touch);
    return touch;
}

using TouchesById = std::map<std::string, std::vector<JourneyTouch>>;

// By fingerprint.
TouchesById touches_of_visitors(Tx& tx, const std::vector<std::string>& fingerprints) {
    TouchesById touches;
    const auto clicks = clicks_of_fingerprints(tx, fingerprints);
    const auto links =
        links_of(tx, clicks, [](const VisitorClick& click) { return click.touch.link_id; });
    for (const auto& click : clicks) {
        touches[click.fingerprint].push_back(touch_of(click.touch, links));
    }
    const auto pages = first_pages_of_visitors(tx, fingerprints);
    const auto seen = touches_of_pages(tx, pages);
    for (std::size_t i = 0; i < pages.size(); ++i) {
        touches[pages[i].fingerprint].push_back(seen[i]);
    }
    return touches;
}

// Of customers and of conversions, by their ids: by what they did and by whom they are.
TouchesById touches_of_people(Tx& tx, const std::vector<std::string>& customer_ids,
                              const std::vector<std::string>& conversion_ids) {
    TouchesById touches;
    const auto clicks = clicks_of_customers(tx, customer_ids);
    const auto links =
        links_of(tx, clicks, [](const CustomerClick& click) { return click.touch.link_id; });
    for (const auto& click : clicks) {
        touches[click.customer_id].push_back(touch_of(click.touch, links));
    }
    auto known = visitors_of_customers(tx, customer_ids);
    for (auto& one : visitors_of_conversions(tx, conversion_ids)) known.push_back(std::move(one));
    std::set<std::string> fingerprints;
    for (const auto& one : known) fingerprints.insert(one.fingerprint);
    const auto of_visitors = touches_of_visitors(tx, {fingerprints.begin(), fingerprints.end()});
    for (const auto& one : known) {
        const auto found = of_visitors.find(one.fingerprint);
        if (found == of_visitors.end()) continue;
        auto& of_one = touches[one.of_id];
        of_one.insert(of_one.end(), found->second.begin(), found->second.end());
    }
    return touches;
}

// In the order of time, each once, none after the conversion, and the newest of too many.
void settle(std::vector<JourneyTouch>& touches, std::int64_t until_ms) {
    std::erase_if(touches, [&](const JourneyTouch& touch) { return touch.at_ms > until_ms; });
    const auto place = [](const JourneyTouch& touch) {
        return std::tie(touch.at_ms, touch.touch_id);
    };
    std::ranges::sort(touches, {}, place);
    const auto repeated = std::ranges::unique(touches, {}, &JourneyTouch::touch_id);
    touches.erase(repeated.begin(), repeated.end());
    leave_out_landings(touches);
    if (touches.size() <= limits::kJourneyTouchesMax) return;
    const auto extra = touches.size() - limits::kJourneyTouchesMax;
    touches.erase(touches.begin(), touches.begin() + static_cast<std::ptrdiff_t>(extra));
}

// A guess about the person gives no touch.
bool is_persons_own(const Attribution& decision) {
    return decision.touch_id.has_value() && decision.link_id.has_value();
}

}  // namespace

std::vector<JourneyTouch> touches_of_clicks(Tx& tx, std::span<const Touch> clicks) {
    const auto links = links_of(tx, clicks, [](const Touch& click) { return click.link_id; });
    std::vector<JourneyTouch> touches;
    touches.reserve(clicks.size());
    for (const auto& click : clicks) touches.push_back(touch_of(click, links));
    return touches;
}

std::vector<JourneyTouch> touches_of_pages(Tx& tx, std::span<const PageView> pages) {
    std::map<std::string, Link> links_by_key;
    for (const auto& page : pages) {
        if (page.via.empty() || links_by_key.contains(page.via)) continue;
        const auto links = links_of_key(tx, page.via);
        if (!links.empty()) links_by_key.emplace(page.via, links.front());
    }
    std::vector<JourneyTouch> touches;
    touches.reserve(pages.size());
    for (const auto& page : pages) touches.push_back(touch_of(page, links_by_key));
    return touches;
}

void leave_out_landings(std::vector<JourneyTouch>& touches) {
    std::optional<std::int64_t> clicked_ms;
    std::erase_if(touches, [&](const JourneyTouch& touch) {
        if (touch.kind == "click") clicked_ms = touch.at_ms;
        return touch.kind == "pageview" && clicked_ms &&
               touch.at_ms - *clicked_ms < limits::kSessionIdleMs;
    });
}

std::map<std::string, std::vector<JourneyTouch>> journey_touches(
    Tx& tx, std::span<const ListedConversion> conversions) {
    std::set<std::string> customers;
    std::set<std::string> own_clicks;
    std::vector<std::string> ids;
    for (const auto& [conversion, decision, domain, key] : conversions) {
        ids.push_back(conversion.conversion_id);
        if (decision.customer_id) customers.insert(*decision.customer_id);
        if (is_persons_own(decision)) own_clicks.insert(*decision.touch_id);
    }
    const auto of_people = touches_of_people(tx, {customers.begin(), customers.end()}, ids);
    const std::vector<std::string> click_ids(own_clicks.begin(), own_clicks.end());
    std::map<std::string, JourneyTouch> by_id;
    for (auto& touch : touches_of_clicks(tx, clicks_of_ids(tx, click_ids))) {
        by_id.emplace(touch.touch_id, touch);
    }
    std::map<std::string, std::vector<JourneyTouch>> journeys;
    for (const auto& [conversion, decision, domain, key] : conversions) {
        auto& touches = journeys[conversion.conversion_id];
        for (const auto& id : {decision.customer_id.value_or(""), conversion.conversion_id}) {
            const auto person = of_people.find(id);
            if (person == of_people.end()) continue;
            touches.insert(touches.end(), person->second.begin(), person->second.end());
        }
        const auto own = by_id.find(decision.touch_id.value_or(""));
        if (own != by_id.end() && is_persons_own(decision)) touches.push_back(own->second);
        settle(touches, conversion.occurred_at_ms + limits::kClockSkewMs);
    }
    return journeys;
}

}  // namespace hw
