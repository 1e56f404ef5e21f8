// SPDX-License-Identifier: Apache-2.0
#include "base/final_url.hpp"

#include <algorithm>
#include <array>
#include <boost/container/small_vector.hpp>
#include <cstdint>

#include "base/limits.hpp"
#include "base/percent.hpp"
#include "base/url.hpp"

namespace hw {
namespace {

constexpr std::string_view kVia = "via";
constexpr std::string_view kClickId = "dub_id";
constexpr std::string_view kReference = "client_reference_id";
constexpr std::string_view kReferenceWanted = "dub_client_reference_id";
constexpr std::string_view kReferencePrefix = "dub_id_";

// Default: what the target or the visit says itself counts before it.
enum class Origin : std::uint8_t { Server, Visit, Default };

// One parameter to be set on the target.
struct Edit {
    std::string name;         // decoded
    std::string_view text;    // the value, not yet encoded; Visit: the whole raw parameter
    std::string_view prefix;  // goes before the value
    Origin origin;
    bool placed = false;  // it has replaced a parameter of the target
};

// Enough for nearly every visit without going to the heap.
using Edits = boost::container::small_vector<Edit, 12>;

struct Target {
    std::string_view before;  // the "?"
    std::string_view query;   // without "?"
    std::string_view fragment;
    bool has_query;
};

Target split(std::string_view url) {
    Target target{};
    const auto hash = std::min(url.find('#'), url.size());
    target.fragment = url.substr(hash);
    url = url.substr(0, hash);
    const auto mark = url.find('?');
    target.before = url.substr(0, mark);
    target.has_query = mark != std::string_view::npos;
    if (target.has_query) target.query = url.substr(mark + 1);
    return target;
}

bool is_web(std::string_view url) {
    return url.starts_with("https://") || url.starts_with("http://");
}

bool takes_parameters(std::string_view url) {
    if (is_web(url)) return true;
    const auto colon = url.find(':');
    return colon != std::string_view::npos && url.substr(colon).starts_with("://");
}

// The decoded name of a raw parameter. `buffer` holds it where there was something to decode.
std::string_view name_of(std::string_view parameter, std::string& buffer) {
    const auto name = parameter.substr(0, parameter.find('='));
    const bool coded = std::ranges::any_of(name, [](char c) { return c == '%' || c == '+'; });
    if (!coded) return name;
    buffer = form_decode(name);
    return buffer;
}

bool has_value_1(std::string_view parameter) {
    return parameter.ends_with("=1") && parameter.find('=') == parameter.size() - 2;
}

Edit* find_edit(Edits& edits, std::string_view name) {
    for (auto& edit : edits) {
        if (edit.name == name) return &edit;
    }
    return nullptr;
}

bool wants_reference(std::string_view parameter) {
    std::string buffer;
    return has_value_1(parameter) && name_of(parameter, buffer) == kReferenceWanted;
}

bool wants_reference_anywhere(std::string_view query) {
    while (!query.empty()) {
        const auto end = std::min(query.find('&'), query.size());
        if (wants_reference(query.substr(0, end))) return true;
        query.remove_prefix(std::min(end + 1, query.size()));
    }
    return false;
}

// Parameters of the visit that are meant for us and end here.
bool is_ours(std::string_view name, std::string_view parameter, bool has_password) {
    return name == "redir_url" || name == "dub-no-track" || name == "skip_deeplink_preview" ||
           (name == "qr" && has_value_1(parameter)) || (has_password && name == "pw");
}

void add_visit(Edits& edits, const FinalUrl& input) {
    std::string buffer;
    auto rest = input.visit_query;
    for (std::size_t count = 0; !rest.empty() && count < limits::kQueryParametersMax; ++count) {
        const auto end = std::min(rest.find('&'), rest.size());
        const auto parameter = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        const auto name = name_of(parameter, buffer);
        if (parameter.empty() || is_ours(name, parameter, input.has_password)) continue;
        auto* const known = find_edit(edits, name);
        if (known == nullptr) {
            edits.push_back({std::string(name), parameter, {}, Origin::Visit});
        } else if (known->origin != Origin::Server) {
            known->text = parameter;  // the last one counts
            known->origin = Origin::Visit;
        }
    }
}

consteval std::array<bool, 256> query_characters() {
    std::array<bool, 256> safe{};
    for (unsigned c = 0x21; c < 0x7F; ++c) safe[c] = true;
    for (const char c : std::string_view("\"#<>\\")) safe[static_cast<std::uint8_t>(c)] = false;
    return safe;
}

// Copies raw text; what must not stand in a query or a header is encoded after all.
void append_raw(std::string& out, std::string_view text) {
    static constexpr auto kSafe = query_characters();
    const auto is_safe = [](char c) { return kSafe[static_cast<std::uint8_t>(c)]; };
    while (!text.empty()) {
        const auto* const stop = std::ranges::find_if_not(text, is_safe);
        const auto length = static_cast<std::size_t>(stop - text.begin());
        out.append(text.substr(0, length));
        if (length == text.size()) return;
        append_percent_encoded(out, text.substr(length, 1));
        text.remove_prefix(length + 1);
    }
}

void append_edit(std::string& out, const Edit& edit) {
    if (edit.origin == Origin::Visit) return append_raw(out, edit.text);
    out.append(edit.name).append("=").append(edit.prefix);
    append_percent_encoded(out, edit.text);
}

// The target's own parameters, each replaced by the edit of its name. A second one of that name
// goes; empty ones ("a&&b") stay.
void append_query(std::string& out, std::string_view query, Edits& edits) {
    const auto* const reference = find_edit(edits, kReference);
    const bool referenced = reference != nullptr && reference->origin == Origin::Server;
    std::string buffer;
    for (bool first = true, more = true; more;) {
        const auto end = query.find('&');
        const auto parameter = query.substr(0, end);
        const bool stands_in = referenced && wants_reference(parameter);
        const auto name = stands_in ? kReference : name_of(parameter, buffer);
        auto* const edit = parameter.empty() ? nullptr : find_edit(edits, name);
        if (edit == nullptr || !edit->placed) {
            if (!first) out += '&';
            first = false;
            const bool stays = edit == nullptr || edit->origin == Origin::Default;
            stays ? void(out.append(parameter)) : append_edit(out, *edit);
        }
        if (edit != nullptr) edit->placed = true;
        more = end != std::string_view::npos;
        if (more) query.remove_prefix(end + 1);
    }
}

// "{via}" as an owner writes it into the target, plain or encoded.
bool is_template(std::string_view query, std::string_view name, std::string_view wanted) {
    const auto raw = find_parameter(query, name);
    return raw && percent_decode(*raw) == wanted;
}

// What goes to the Play Store and comes back to the app when it is installed.
std::string install_referrer(const FinalUrl& input, std::string_view target_query) {
    std::string address(input.short_link);
    char separator = '?';
    for_each_parameter(input.visit_query, [&](std::string_view name, std::string_view value) {
        const auto whole = std::string(name) + (value.empty() ? "" : "=" + std::string(value));
        if (is_ours(form_decode(name), whole, input.has_password)) return;
        address += separator + whole;
        separator = '&';
    });
    auto referrer = form_decode(find_parameter(target_query, "referrer").value_or(""));
    if (!referrer.empty()) referrer += '&';
    return referrer + "deepLink=" + percent_encode_component(address);
}

// `referrer` keeps the text that an edit refers to.
void add_app_parameters(Edits& edits, const FinalUrl& input, std::string_view target_query,
                        std::string& referrer) {
    const auto set = [&](std::string_view name, std::string_view value, Origin origin) {
        if (!value.empty()) edits.push_back({std::string(name), value, {}, origin});
    };
    switch (input.kind) {
        case TargetKind::AppsFlyer:
            set("pid", "dubinc_int", Origin::Server);
            set("clickid", input.click_id, Origin::Server);
            set("c", input.key, Origin::Default);
            set("af_siteid", input.key, Origin::Default);
            break;
        case TargetKind::Singular:
            set("cl", input.click_id, Origin::Server);
            set("ua", input.user_agent, Origin::Server);
            set("ip", input.ip, Origin::Server);
            if (is_template(target_query, "wpcn", "{via}")) set("wpcn", input.key, Origin::Server);
            if (is_template(target_query, "wpcl", "{dub_id}")) {
                set("wpcl", input.click_id, Origin::Server);
            }
            break;
        case TargetKind::PlayStore:
            referrer = install_referrer(input, target_query);
            set("referrer", referrer, Origin::Server);
            break;
        case TargetKind::Plain:
            break;
    }
}

bool is_host_of(std::string_view host, std::string_view domain) {
    return host.size() > domain.size() && host.ends_with(domain) &&
           host[host.size() - domain.size() - 1] == '.';
}

}  // namespace

TargetKind target_kind(std::string_view target) {
    const auto host = host_of(target);
    if (is_host_of(host, "onelink.me")) return TargetKind::AppsFlyer;
    if (is_host_of(host, "sng.link")) return TargetKind::Singular;
    return host == "play.google.com" ? TargetKind::PlayStore : TargetKind::Plain;
}

std::string final_url(const FinalUrl& input) {
    const bool changes = !input.via_key.empty() || !input.click_id.empty() ||
                         !input.visit_query.empty() || input.kind != TargetKind::Plain;
    if (!changes || !takes_parameters(input.target)) return std::string(input.target);
    const auto target = split(input.target);
    Edits edits;
    if (!input.via_key.empty()) {
        edits.push_back({std::string(kVia), input.via_key, {}, Origin::Server});
    }
    if (!input.click_id.empty() && !input.no_track) {
        const bool reference = wants_reference_anywhere(target.query);
        edits.push_back({std::string(reference ? kReference : kClickId), input.click_id,
                         reference ? kReferencePrefix : "", Origin::Server});
    }
    std::string referrer;
    if (input.kind != TargetKind::Plain && !input.no_track) {
        add_app_parameters(edits, input, target.query, referrer);
    }
    add_visit(edits, input);
    if (edits.empty()) return std::string(input.target);

    std::string out;
    constexpr std::size_t kRoom = 48;  // for the names that we set and the separators
    out.reserve(input.target.size() + input.visit_query.size() + input.via_key.size() +
                input.click_id.size() + kRoom);
    out.append(target.before);
    // An address without a path gets one, as every browser would write it.
    if (is_web(target.before) &&
        target.before.find('/', sizeof("https://") - 1) == std::string_view::npos) {
        out += '/';
    }
    out += '?';
    const auto query_begin = out.size();
    if (!target.query.empty()) append_query(out, target.query, edits);
    for (const auto& edit : edits) {
        if (edit.placed) continue;
        if (out.size() != query_begin && out.back() != '&') out += '&';
        append_edit(out, edit);
    }
    out.append(target.fragment);
    return out;
}

}  // namespace hw
