// SPDX-License-Identifier: Apache-2.0
#include "api/page_view_body.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "api/exact_json.hpp"
#include "api/first_party.hpp"
#include "base/civil_time.hpp"
#include "base/digest.hpp"
#include "base/email_address.hpp"
#include "base/id.hpp"
#include "base/limits.hpp"
#include "base/url.hpp"
#include "base/url_parameters.hpp"
#include "base/utf8.hpp"

namespace hw {
namespace {

constexpr std::size_t kShort = limits::kIngestTextCharactersMax;
constexpr std::int64_t kLateMax = 7 * kDayMs;  // an event that a browser kept for so long

constexpr std::array<std::string_view, 8> kNetworkIds{"gclid",   "gbraid", "wbraid", "fbclid",
                                                      "msclkid", "ttclid", "twclid", "li_fat_id"};

// What cannot be stored as it is: U+0000, and marks of numbers (exact_json.hpp).
std::string stored(std::string_view text, std::size_t max_bytes) {
    auto valid = valid_utf8(utf8_prefix(text, max_bytes));
    std::erase(valid, '\0');
    return valid;
}

std::string text_of(const json::object& data, std::string_view name,
                    std::size_t max_bytes = kShort) {
    const auto* value = data.if_contains(name);
    if (value == nullptr || !value->is_string() || number_text(*value)) return {};
    return stored(value->get_string(), max_bytes);
}

// Old clients write these words where they know nothing.
std::string id_of(const json::object& data, std::string_view name) {
    auto text = text_of(data, name);
    if (text == "null" || text == "undefined") text.clear();
    return text;
}

std::string without_www(std::string host) {
    if (host.starts_with("www.")) host.erase(0, 4);
    return host;
}

std::string source_of(const PageView& view, std::string told) {
    if (!view.utm_source.empty()) return view.utm_source;
    if (!told.empty()) return told;
    auto host = without_www(host_of(view.referrer));
    const bool is_own = host == without_www(host_of(view.url));
    return host.empty() || is_own ? "(direct)" : host;
}

void read_page(const json::object& data, PageView& view) {
    view.url = text_of(data, "url", limits::kPageUrlBytesMax);
    view.path = text_of(data, "path", limits::kPageUrlBytesMax);
    view.referrer = text_of(data, "referrer", limits::kReferrerBytesMax);
    view.title = text_of(data, "title", limits::kPageTitleBytesMax);
    view.locale = text_of(data, "locale");
    constexpr std::pair<std::string_view, std::string PageView::*> kUtm[] = {
        {"utm_source", &PageView::utm_source},
        {"utm_medium", &PageView::utm_medium},
        {"utm_campaign", &PageView::utm_campaign},
        {"utm_term", &PageView::utm_term},
        {"utm_content", &PageView::utm_content}};
    for (const auto& [name, member] : kUtm) {
        view.*member = text_of(data, name);
        if (!(view.*member).empty()) continue;
        view.*member = stored(url_parameter(view.url, name).value_or(""), kShort);
    }
    view.source = source_of(view, text_of(data, "referrer_source"));
}

void read_clicks(const Request& request, PageView& view) {
    const auto click = url_parameter(view.url, "dub_id").value_or("");
    view.click_id = is_click_id(click) ? click : kept_click(request);
    for (const auto name : {"ref", "via"}) {
        if (const auto key = url_parameter(view.url, name); key && !key->empty()) {
            view.via = stored(*key, kShort);
        }
    }
    for (const auto name : kNetworkIds) {
        const auto id = url_parameter(view.url, name);
        if (!id || id->empty()) continue;
        view.network_click = fmt::format("{}:{}", name, stored(*id, kShort));
        return;
    }
}

std::string email_hash_of(const json::object& data) {
    const auto* traits = data.if_contains("traits");
    if (traits == nullptr || !traits->is_object()) return {};
    const auto email = parse_email_address(text_of(traits->get_object(), "email"));
    return email ? sha256_hex(email->normal) : std::string{};
}

Result<void> read_subject(const ToldPage& told, PageView& view) {
    const auto missing = [](std::string_view name) {
        return fail(ErrorCode::BadRequest, fmt::format("The data.{} field is required.", name),
                    "missing_field");
    };
    if (told.type == "pageview" && view.url.empty() && view.path.empty()) return missing("url");
    if (told.type == "identify") {
        view.email_hash = email_hash_of(told.data);
        if (view.customer_id.empty()) return missing("customer_id");
    }
    if (told.type != "event") return {};
    view.event_name = text_of(told.data, "event_name");
    if (view.event_name.empty()) return missing("event_name");
    const auto* data = told.data.if_contains("event_data");
    if (data == nullptr || !data->is_object()) return {};
    auto text = serialize_exact(*data);
    const bool fits = text.size() <= limits::kEventDataBytesMax && !text.contains("\\u0000");
    if (fits) view.event_data = std::move(text);
    return {};
}

// The browser's time, unless its clock is wrong.
std::int64_t time_of(const ToldPage& told, std::int64_t told_ms) {
    const bool is_sane = told_ms > told.now_ms - kLateMax && told_ms <= told.now_ms;
    return is_sane ? told_ms : told.now_ms;
}

std::int64_t told_time_ms(const json::object& data) {
    const auto* value = data.if_contains("occurred_at_ms");
    constexpr std::int64_t kMax = std::int64_t{1} << 47;
    if (value == nullptr || !value->is_int64()) return 0;
    return value->get_int64() > 0 && value->get_int64() < kMax ? value->get_int64() : 0;
}

// The same whenever the same is told: by the event's own id; else by its content within a stretch
// of time, because clients send what has no id again when they hear no answer.
std::string page_view_id(const ToldPage& told, std::int64_t told_ms) {
    constexpr std::string_view kPrefix = "pv_";
    const auto event_id = id_of(told.data, "event_id");
    if (!event_id.empty()) {
        const auto at_ms = told_ms != 0 ? told_ms : start_of_day_ms(told.now_ms);
        return derived_id(kPrefix, at_ms, sha256_hex(fmt::format("id\n{}", event_id)));
    }
    const auto at_ms = told.now_ms - told.now_ms % limits::kPageDedupMs;
    // Who it was is part of it when the page has no session.
    const auto sender =
        fmt::format("{}\n{}", told.request.client_ip, told.request.header("User-Agent"));
    return derived_id(
        kPrefix, at_ms,
        sha256_hex(fmt::format("{}\n{}\n{}", told.type, sender, serialize_exact(told.data))));
}

void read_visitor(const Visitors& visitors, const ToldPage& told, PageView& view) {
    const auto person = visitors.person_of(told.request, view.workspace_id);
    view.visitor = person.visitor;
    view.visitor_yesterday = person.visitor_yesterday;
    view.told_fingerprint = id_of(told.data, "visitor_fingerprint");
    view.fingerprint = kept_visitor(told.request);
    if (view.fingerprint.empty()) view.fingerprint = std::exchange(view.told_fingerprint, {});
    if (view.fingerprint.empty()) view.fingerprint = person.fingerprint;
    if (view.told_fingerprint == view.fingerprint) view.told_fingerprint.clear();
}

// It counts, and nothing in it says who it was.
void forget_person(PageView& view) {
    view.session_id.clear();
    view.customer_id.clear();
    view.click_id.clear();
    view.network_click.clear();
    view.event_data.reset();
    view.url.resize(std::min(view.url.find_first_of("?#"), view.url.size()));
}

}  // namespace

Result<PageView> read_page_view(const Visitors& visitors, const ToldPage& told) {
    PageView view;
    const auto told_ms = told_time_ms(told.data);
    view.workspace_id = told.token.workspace_id;
    view.page_view_id = page_view_id(told, told_ms);
    view.kind = told.type;
    view.at_ms = time_of(told, told_ms);
    view.test = told.token.kind == "test";
    view.session_id = id_of(told.data, "session_id");
    view.customer_id = id_of(told.data, "customer_id");
    read_page(told.data, view);
    read_clicks(told.request, view);
    HW_CHECK(read_subject(told, view));
    const auto agent = visitors.agent_of(told.request);
    view.device = device_type_name(agent->device);
    view.browser = agent->browser;
    view.os = agent->os;
    view.bot = visitors.is_bot(told.request);
    const auto country = visitors.country_of(told.request);
    if (!country.empty()) view.country = country;
    if (visitors.wants_privacy(told.request)) {
        forget_person(view);
    } else {
        read_visitor(visitors, told, view);
    }
    return view;
}

bool keeps_visitor(const PageView& view) {
    return !view.fingerprint.empty() && !view.fingerprint.starts_with("day_");
}

}  // namespace hw
