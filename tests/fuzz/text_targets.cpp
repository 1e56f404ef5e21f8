// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>
#include <vector>

#include "base/bot.hpp"
#include "base/cookie.hpp"
#include "base/csv.hpp"
#include "base/fault.hpp"
#include "base/final_url.hpp"
#include "base/link_key.hpp"
#include "base/money.hpp"
#include "base/percent.hpp"
#include "base/url.hpp"
#include "base/user_agent.hpp"
#include "base/utf8.hpp"
#include "tests/fuzz/targets.hpp"

namespace hw::fuzz {
namespace {

// What is before `end`, which leaves `rest` with its `end`.
std::string_view take_until(std::string_view& rest, char end) {
    const auto at = std::min(rest.find(end), rest.size());
    const auto part = rest.substr(0, at);
    rest.remove_prefix(std::min(at + 1, rest.size()));
    return part;
}

// Nothing in it could end a header, and no browser would read it in another way.
bool fits_a_header(std::string_view text) {
    return std::ranges::none_of(text, [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte <= ' ' || byte == 0x7F;
    });
}

std::string_view query_of(std::string_view target) {
    target = target.substr(0, target.find('#'));
    const auto mark = target.find('?');
    return mark == target.npos ? std::string_view{} : target.substr(mark + 1);
}

void check_visit(const std::string& destination, std::string_view visit_query) {
    constexpr std::string_view kClick = "0123456789abcdef";
    const auto final = final_url(
        {.target = destination, .via_key = "ann", .click_id = kClick, .visit_query = visit_query});
    HW_ASSERT(fits_a_header(final));
    HW_ASSERT(host_of(final) == host_of(destination));
    if (!destination.starts_with("http") || host_of(destination).empty()) return;
    HW_ASSERT(find_parameter(query_of(final), "via") == "ann");
    if (destination.contains("reference") || destination.contains('%')) return;
    HW_ASSERT(find_parameter(query_of(final), "dub_id") == kClick);
}

struct Records {
    std::vector<std::vector<std::string>> cells;
    bool malformed = false;
};

Records read_csv(std::string_view bytes) {
    Records records;
    CsvReader reader(bytes);
    std::vector<std::string> cells;
    for (std::size_t line = 0;;) {
        const auto more = reader.next(cells);
        records.malformed = !more;
        if (!more || !*more) return records;
        HW_ASSERT(!cells.empty() && reader.line() > line);
        line = reader.line();
        records.cells.push_back(cells);
    }
}

std::string quoted(std::string_view cell) {
    std::string text = "\"";
    for (const char c : cell) text += c == '"' ? std::string("\"\"") : std::string(1, c);
    return text + "\"";
}

}  // namespace

// What was read and is written again, all in quotes, is read the same.
void csv(std::string_view bytes) {
    const auto records = read_csv(bytes);
    std::string text;
    for (const auto& cells : records.cells) {
        for (std::size_t i = 0; i < cells.size(); ++i) {
            text += (i == 0 ? "" : ",") + quoted(cells[i]);
        }
        text += "\r\n";
    }
    const auto again = read_csv(text);
    HW_ASSERT(!again.malformed && again.cells == records.cells);
}

void url(std::string_view bytes) {
    auto rest = bytes;
    const auto text = take_until(rest, '\n');
    host_of(text);
    const auto destination = normalize_destination(text);
    if (!destination) return;
    HW_ASSERT(fits_a_header(*destination));
    HW_ASSERT(!destination->starts_with("javascript:") && !destination->starts_with("data:"));
    const auto again = normalize_destination(*destination);
    HW_ASSERT(again && *again == *destination);
    check_visit(*destination, rest);
}

void cookie(std::string_view bytes) {
    auto rest = bytes;
    const auto name = take_until(rest, '\n');
    const auto value = take_until(rest, '\n');
    const auto text = set_cookie_text(
        {.name = name, .value = value, .path = rest, .domain = {}, .max_age_s = 3'600});
    if (text) {
        HW_ASSERT(text->find_first_of("\r\n\t") == text->npos && !text->contains('\0'));
        HW_ASSERT(cookie_value(*text, name) == value);
    }
    const auto found = cookie_value(rest, name);
    if (found) HW_ASSERT(rest.contains(*found) && !found->contains(';'));
    cookie_value(bytes, "dub_id");
}

void link_key(std::string_view bytes) {
    const auto folded = fold_key(bytes);
    is_unsupported_key(bytes);
    if (!bytes.contains('%')) HW_ASSERT(fold_key(folded) == folded);
    const auto key = normalize_key(bytes);
    if (!key) return;
    HW_ASSERT(is_valid_utf8(display_key(*key)));
    // What is stored is what the visitor's path leads to.
    HW_ASSERT(key_of_path(*key) == *key);
    HW_ASSERT(key_of_path("/" + display_key(*key)) == *key);
}

void money_text(std::string_view bytes) {
    auto rest = bytes;
    const auto amount = take_until(rest, ' ');
    const auto currency = take_until(rest, ' ');
    const auto minor = parse_minor_units(amount, currency);
    if (minor) {
        const auto text = format_minor(*minor, currency);
        const auto again = parse_minor_units(text, currency);
        HW_ASSERT(again && *again == *minor);
        const auto other = convert(*minor, currency, "eur", rest);
        HW_ASSERT(!other || is_rate(rest));
    }
    const auto rate = cross_rate(rest, amount);
    HW_ASSERT(rate.empty() || is_rate(rate));
}

void user_agent(std::string_view bytes) {
    const auto parsed = UserAgentParser::embedded().parse(bytes);
    HW_ASSERT(!parsed.browser.empty() && !parsed.os.empty());
    is_bot(bytes);
}

}  // namespace hw::fuzz
