// SPDX-License-Identifier: Apache-2.0
#include "api/import_csv.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/ascii.hpp"
#include "base/csv.hpp"
#include "base/link_key.hpp"
#include "base/percent.hpp"
#include "base/utf8.hpp"

namespace hw {
namespace {

// A field of its own here, because it is domain and key in one.
constexpr std::string_view kShortLink = "shortLink";
// Named by the columns of counters: they are made by what happens here.
constexpr std::string_view kCounter = "(counter)";

struct ColumnName {
    std::string_view folded;  // lower case, without blanks, "_" and "-"
    std::string_view field;
};

constexpr ColumnName kColumnNames[] = {
    {"shortlink", kShortLink},
    {"link", kShortLink},
    {"bitlink", kShortLink},
    {"shorturl", kShortLink},
    {"url", "url"},
    {"destinationurl", "url"},
    {"destination", "url"},
    {"longurl", "url"},
    {"originalurl", "url"},
    {"domain", "domain"},
    {"key", "key"},
    {"slug", "key"},
    {"slashtag", "key"},
    {"backhalf", "key"},
    {"title", "title"},
    {"description", "description"},
    {"comments", "comments"},
    {"tags", "tagNames"},
    {"tagnames", "tagNames"},
    {"folder", "folder"},
    {"foldername", "folder"},
    {"createdat", "createdAt"},
    {"created", "createdAt"},
    {"datecreated", "createdAt"},
    {"createddate", "createdAt"},
    {"externalid", "externalId"},
    {"tenantid", "tenantId"},
    {"programid", "programId"},
    {"partnerid", "partnerId"},
    {"archived", "archived"},
    {"trackconversion", "trackConversion"},
    {"publicstats", "publicStats"},
    {"proxy", "proxy"},
    {"rewrite", "rewrite"},
    {"doindex", "doIndex"},
    {"expiresat", "expiresAt"},
    {"expiredurl", "expiredUrl"},
    {"password", "password"},
    {"image", "image"},
    {"video", "video"},
    {"ios", "ios"},
    {"android", "android"},
    {"utmsource", "utm_source"},
    {"utmmedium", "utm_medium"},
    {"utmcampaign", "utm_campaign"},
    {"utmterm", "utm_term"},
    {"utmcontent", "utm_content"},
    {"ref", "ref"},
    {"clicks", kCounter},
    {"leads", kCounter},
    {"conversions", kCounter},
    {"sales", kCounter},
    {"saleamount", kCounter},
};

constexpr std::array<std::string_view, 6> kFlags = {"archived", "trackConversion", "publicStats",
                                                    "proxy",    "rewrite",         "doIndex"};

std::string_view trimmed(std::string_view text) {
    const auto begin = text.find_first_not_of(" \t\r\n");
    if (begin == text.npos) return {};
    return text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

std::string_view field_of(std::string_view column) {
    auto folded = ascii_lower(column);
    std::erase_if(folded, [](char c) { return c == ' ' || c == '_' || c == '-'; });
    const auto* const found = std::ranges::find(kColumnNames, folded, &ColumnName::folded);
    return found == std::end(kColumnNames) ? std::string_view{} : found->field;
}

json::value flag_of(std::string_view text) {
    const auto lower = ascii_lower(text);
    if (lower == "true" || lower == "yes" || lower == "1") return true;
    if (lower == "false" || lower == "no" || lower == "0") return false;
    return json::value(text);
}

json::array names_of(std::string_view text) {
    json::array names;
    while (!text.empty()) {
        const auto comma = std::min(text.find(','), text.size());
        const auto name = trimmed(text.substr(0, comma));
        if (!name.empty()) names.emplace_back(name);
        text.remove_prefix(std::min(comma + 1, text.size()));
    }
    return names;
}

// "https://go.example.com/summer?x" is the key "summer" on go.example.com.
void put_short_link(std::string_view text, json::object& body) {
    const auto scheme = text.find("://");
    if (scheme != text.npos) text.remove_prefix(scheme + 3);
    text = text.substr(0, text.find_first_of("?#"));
    const auto slash = std::min(text.find('/'), text.size());
    if (!body.contains("domain")) body["domain"] = text.substr(0, slash);
    if (body.contains("key")) return;
    auto key = percent_decode(text.substr(std::min(slash + 1, text.size())));
    if (!is_valid_utf8(key)) key = text.substr(slash + 1);
    body["key"] = key.empty() ? kRootKey : std::string_view(key);
}

std::string remark_on(std::string_view column, std::string_view field) {
    if (field == kCounter) {
        return fmt::format(
            "The column '{}' is not imported: counts begin with the first click here.", column);
    }
    return fmt::format("The column '{}' is not known and was passed over.", column);
}

}  // namespace

Result<ImportColumns> read_import_columns(const std::vector<std::string>& header) {
    ImportColumns columns;
    for (const auto& cell : header) {
        if (!is_valid_utf8(cell)) {
            return fail(ErrorCode::BadRequest,
                        "Invalid CSV in line 1: it is not UTF-8. Save the file as CSV UTF-8.",
                        "invalid_csv");
        }
        const auto name = trimmed(cell);
        const auto field = field_of(name);
        const bool kept = !field.empty() && field != kCounter;
        columns.fields.push_back(kept ? field : std::string_view{});
        if (!kept && !name.empty()) columns.remarks.push_back(remark_on(name, field));
    }
    if (std::ranges::find(columns.fields, "url") != columns.fields.end()) return columns;
    return std::unexpected(invalid_field(
        "invalid_value", "url",
        fmt::format("No column is called 'url', 'Destination URL' or 'long_url'. The first row "
                    "must name the columns; it says: {}",
                    utf8_prefix(fmt::format("{}", fmt::join(header, ", ")), 500))));
}

Result<json::object> import_body(const ImportColumns& columns,
                                 const std::vector<std::string>& cells) {
    if (cells.size() != columns.fields.size()) {
        return fail(ErrorCode::UnprocessableEntity,
                    fmt::format("The row has {} cells, and the first row names {} columns.",
                                cells.size(), columns.fields.size()),
                    "invalid_row");
    }
    json::object body;
    std::string_view short_link;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        const auto field = columns.fields[i];
        const auto text = plain_cell(trimmed(cells[i]));
        if (field.empty() || text.empty() || body.contains(field)) continue;
        if (!is_valid_utf8(text)) {
            return std::unexpected(
                invalid_field("invalid_format", field, "Invalid input: it is not UTF-8"));
        }
        if (field == kShortLink) {
            if (short_link.empty()) short_link = text;
        } else if (field == "tagNames") {
            body[field] = names_of(text);
        } else if (std::ranges::find(kFlags, field) != kFlags.end()) {
            body[field] = flag_of(text);
        } else {
            body[field] = text;
        }
    }
    if (!short_link.empty()) put_short_link(short_link, body);
    return body;
}

}  // namespace hw
