// SPDX-License-Identifier: Apache-2.0
#include "api/visitor.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/civil_time.hpp"
#include "base/digest.hpp"
#include "base/fault.hpp"
#include "base/limits.hpp"
#include "base/percent.hpp"
#include "base/url.hpp"
#include "base/utf8.hpp"
#include "store/salts.hpp"

namespace hw {
namespace {

std::string stored_text(std::string_view text, std::size_t max_bytes) {
    auto valid = valid_utf8(utf8_prefix(text, max_bytes));
    std::erase(valid, '\0');
    return valid;
}

// Host of the referrer without "www.", or "(direct)".
std::string referer_host(std::string_view referrer) {
    auto host = host_of(referrer);
    if (host.starts_with("www.")) host.erase(0, 4);
    return host.empty() ? "(direct)" : host;
}

std::string upper_case(std::string_view text) {
    std::string upper(text);
    for (char& c : upper) {
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
    }
    return upper;
}

// ISO 3166. "XX" and "T1" are what proxies write for "unknown" and "Tor".
bool is_country_code(std::string_view text) {
    return text.size() == 2 && text != "XX" &&
           std::ranges::all_of(text, [](char c) { return c >= 'A' && c <= 'Z'; });
}

std::optional<GeoDatabase> open_geo(const std::string& path) {
    if (path.empty()) return std::nullopt;
    auto opened = GeoDatabase::open(path);
    if (!opened) throw Fault(FaultKind::Incompatible, opened.error().message);
    return std::move(*opened);
}

}  // namespace

void set_referrer(Touch& touch, std::string_view referrer) {
    touch.referer_url = stored_text(referrer, limits::kReferrerBytesMax);
    touch.referer = referer_host(touch.referer_url);
}

Visitors::Visitors(Db& db, VisitorOptions options)
    : db_(db), options_(std::move(options)), geo_(open_geo(options_.geo_database)) {}

void Visitors::with_salts(std::move_only_function<void(std::optional<Error>)> ready) {
    const auto day_ms = start_of_day_ms(db_.env().now_ms());
    const auto salts = salts_.load();
    if (salts && salts->day_ms == day_ms) {
        ready(std::nullopt);
        return;
    }
    db_.write<Salts>(
        std::string(kOperator),
        [day_ms](Tx& tx) -> Result<Salts> {
            const auto today = date_text(day_ms);
            const auto yesterday = date_text(day_ms - kDayMs);
            delete_salts_before(tx, yesterday);
            return Salts{day_ms, ensure_salt(tx, today), ensure_salt(tx, yesterday)};
        },
        [this, ready = std::move(ready)](Result<Salts> read) mutable {
            if (!read) return ready(std::move(read.error()));
            salts_ = std::make_shared<const Salts>(std::move(*read));
            ready(std::nullopt);
        });
}

std::int64_t Visitors::hash(const Request& request, std::string_view salt) const {
    return keyed_hash_64(salt, request.client_ip + "-" + std::string(request.header("User-Agent")));
}

void Visitors::place(const Request& request, Touch& touch) const {
    if (geo_) {
        const auto geo = geo_->lookup(request.client_ip);
        touch.country = geo.country;
        touch.region = geo.region;
        touch.city = geo.city;
        touch.continent = geo.continent;
    }
    if (options_.geo_country_header.empty()) return;
    const auto country = upper_case(request.header(options_.geo_country_header));
    if (is_country_code(country)) touch.country = country;
}

bool Visitors::is_bot_request(const Request& request) {
    return request.method == "HEAD" || find_parameter(request.query, "bot").has_value();
}

std::string Visitors::country_of(const Request& request) const {
    Touch touch;
    place(request, touch);
    return is_country_code(touch.country) ? touch.country : std::string{};
}

std::shared_ptr<const UserAgent> Visitors::agent_of(const Request& request) const {
    return user_agents_.get(stored_text(request.header("User-Agent"), limits::kUserAgentBytesMax));
}

bool Visitors::is_bot(const Request& request) const {
    return is_bot_request(request) || agent_of(request)->is_bot;
}

Visitors::Addresses Visitors::addresses_of(const Request& request) const {
    const auto salts = salts_.load();
    HW_ASSERT(salts != nullptr);
    return {keyed_hash_64(salts->today, request.client_ip),
            keyed_hash_64(salts->yesterday, request.client_ip)};
}

Visitors::Person Visitors::person_of(const Request& request, std::string_view workspace_id) const {
    constexpr std::size_t kDigits = 32;
    const auto salts = salts_.load();
    HW_ASSERT(salts != nullptr);
    Person person{hash(request, salts->today), 0, {}};
    if (db_.env().now_ms() - salts->day_ms < kHourMs) {
        person.visitor_yesterday = hash(request, salts->yesterday);
    }
    const auto text =
        fmt::format("{}\n{}\n{}", workspace_id, request.client_ip, request.header("User-Agent"));
    person.fingerprint = "day_" + keyed_hash_hex(salts->today, text).substr(0, kDigits);
    return person;
}

bool Visitors::wants_privacy(const Request& request) const {
    if (options_.privacy_signals == PrivacySignals::Ignore) return false;
    if (request.header("Sec-GPC") == "1") return true;
    return options_.privacy_signals == PrivacySignals::HonorAll && request.header("DNT") == "1";
}

Touch Visitors::observe(const Request& request, const Link& link, std::string_view trigger) const {
    const auto salts = salts_.load();
    HW_ASSERT(salts != nullptr);
    Touch touch;
    touch.workspace_id = link.workspace_id;
    touch.at_ms = db_.env().now_ms();
    touch.touch_id = new_click_id(touch.at_ms, db_.env());
    touch.link_id = link.link_id;
    touch.visitor = hash(request, salts->today);
    if (touch.at_ms - salts->day_ms < kHourMs) {
        touch.visitor_yesterday = hash(request, salts->yesterday);
    }
    touch.trigger = trigger;
    touch.url = link.url;
    set_referrer(touch, request.header("Referer"));
    place(request, touch);
    touch.user_agent = stored_text(request.header("User-Agent"), limits::kUserAgentBytesMax);
    const auto agent = user_agents_.get(touch.user_agent);
    touch.device = device_type_name(agent->device);
    touch.browser = agent->browser;
    touch.os = agent->os;
    touch.bot = agent->is_bot || is_bot_request(request);
    return touch;
}

}  // namespace hw
