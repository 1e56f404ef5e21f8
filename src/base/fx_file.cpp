// SPDX-License-Identifier: Apache-2.0
#include "base/fx_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <utility>

#include "base/ascii.hpp"
#include "base/civil_time.hpp"
#include "base/embedded.hpp"
#include "base/fault.hpp"
#include "base/money.hpp"
#include "base/utf8.hpp"

namespace hw {
namespace {

constexpr std::string_view kBase = "eur";
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::string_view kBlank = " \t\r\n";

std::unexpected<Error> refuse(std::size_t line, std::string_view what, std::string_view value) {
    constexpr std::size_t kShownMax = 40;
    return fail(
        ErrorCode::UnprocessableEntity,
        fmt::format("line {}: {}: '{}'", line, what, valid_utf8(value.substr(0, kShownMax))));
}

std::string_view trimmed(std::string_view text) {
    const auto begin = std::min(text.find_first_not_of(kBlank), text.size());
    text.remove_prefix(begin);
    while (!text.empty() && kBlank.contains(text.back())) text.remove_suffix(1);
    return text;
}

std::string_view without_mark(std::string_view text) {
    if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
    return text;
}

// "USD" as "usd"; nothing for anything but three letters.
std::optional<std::string> quote_code(std::string_view text) {
    if (text.size() != 3) return std::nullopt;
    std::string code;
    for (const char c : text) {
        if (c < 'A' || c > 'Z') return std::nullopt;
        code += ascii_lower(c);
    }
    return code;
}

// ---- XML: the files are a flat run of <Cube> elements, so tags and their attributes are enough.

struct Tag {
    std::string_view name;        // "Cube", "/Cube", "?xml", "!--"
    std::string_view attributes;  // what stands behind the name
    std::size_t line = 0;
};

class TagScanner {
  public:
    explicit TagScanner(std::string_view text) : rest_(text) {}

    // The next tag, nothing at the end, an error for a tag without an end.
    Result<std::optional<Tag>> next() {
        const auto open = rest_.find('<');
        if (open == std::string_view::npos) return std::nullopt;
        advance(open);
        const auto line = line_;
        const bool comment = rest_.starts_with("<!--");
        const std::string_view end_mark = comment ? "-->" : ">";
        const auto close = rest_.find(end_mark);
        if (close == std::string_view::npos) return refuse(line, "tag without end", rest_);
        auto body = rest_.substr(1, close - 1);
        advance(close + end_mark.size());
        if (comment) return Tag{"!--", {}, line};
        if (body.ends_with('/')) body.remove_suffix(1);
        const auto name_end = std::min(body.find_first_of(kBlank), body.size());
        return Tag{body.substr(0, name_end), body.substr(name_end), line};
    }

  private:
    void advance(std::size_t bytes) {
        const auto passed = rest_.substr(0, bytes);
        line_ += static_cast<std::size_t>(std::ranges::count(passed, '\n'));
        rest_.remove_prefix(bytes);
    }

    std::string_view rest_;
    std::size_t line_ = 1;
};

std::optional<std::string_view> attribute(std::string_view attributes, std::string_view name) {
    while (true) {
        attributes = trimmed(attributes);
        const auto equals = attributes.find('=');
        if (equals == std::string_view::npos) return std::nullopt;
        const auto found = trimmed(attributes.substr(0, equals));
        attributes = trimmed(attributes.substr(equals + 1));
        if (attributes.empty() || !std::string_view("'\"").contains(attributes[0])) return {};
        const auto end = attributes.find(attributes[0], 1);
        if (end == std::string_view::npos) return std::nullopt;
        if (found == name) return attributes.substr(1, end - 1);
        attributes.remove_prefix(end + 1);
    }
}

Result<void> read_cube(const Tag& tag, std::string& date, std::vector<FxRate>& rates) {
    if (const auto time = attribute(tag.attributes, "time")) {
        if (!parse_date(*time)) return refuse(tag.line, "not a date", *time);
        date = *time;
        return {};
    }
    const auto currency = attribute(tag.attributes, "currency");
    const auto rate = attribute(tag.attributes, "rate");
    if (!currency && !rate) {
        if (trimmed(tag.attributes).empty()) return {};  // the element around all dates
        return refuse(tag.line, "unknown attributes", trimmed(tag.attributes));
    }
    if (!currency) return refuse(tag.line, "rate without a currency", *rate);
    if (!rate) return refuse(tag.line, "currency without a rate", *currency);
    auto quote = quote_code(*currency);
    if (!quote) return refuse(tag.line, "not a currency code", *currency);
    if (*rate == "N/A") return {};
    if (!is_rate(*rate)) return refuse(tag.line, "not a rate", *rate);
    if (date.empty()) return refuse(tag.line, "rate before any date", *rate);
    rates.push_back({date, std::string(kBase), std::move(*quote), std::string(*rate)});
    return {};
}

// ---- CSV

// "02 January 2026", as the daily file writes it, or "2026-01-02".
std::optional<std::string> csv_date(std::string_view text) {
    constexpr std::array<std::string_view, 12> kMonths = {
        "January", "February", "March",     "April",   "May",      "June",
        "July",    "August",   "September", "October", "November", "December"};
    std::string date(text);
    const auto first = text.find(' ');
    const auto last = text.rfind(' ');
    if (first != std::string_view::npos && last > first) {
        const auto name = text.substr(first + 1, last - first - 1);
        const auto* const month = std::ranges::find(kMonths, name);
        date = fmt::format("{}-{:02}-{:0>2}", text.substr(last + 1), month - kMonths.begin() + 1,
                           text.substr(0, first));
    }
    if (!parse_date(date)) return std::nullopt;
    return date;
}

std::vector<std::string_view> cells_of(std::string_view line) {
    std::vector<std::string_view> cells;
    while (true) {
        const auto comma = line.find(',');
        cells.push_back(trimmed(line.substr(0, comma)));
        if (comma == std::string_view::npos) return cells;
        line.remove_prefix(comma + 1);
    }
}

class CsvReader {
  public:
    Result<void> read_line(std::size_t line, std::string_view text) {
        auto cells = cells_of(text);
        // The ECB ends every line with a comma.
        if (cells.back().empty()) cells.pop_back();
        if (cells.empty()) return {};
        return quotes_.empty() ? read_header(line, cells) : read_row(line, cells);
    }

    bool has_header() const { return !quotes_.empty(); }
    std::vector<FxRate> take_rates() { return std::move(rates_); }

  private:
    Result<void> read_header(std::size_t line, const std::vector<std::string_view>& cells) {
        if (cells.size() < 2 || cells[0] != "Date") {
            return refuse(line, "the first line must be 'Date' and currency codes", cells[0]);
        }
        for (const auto cell : std::span(cells).subspan(1)) {
            auto quote = quote_code(cell);
            if (!quote) return refuse(line, "not a currency code", cell);
            quotes_.push_back(std::move(*quote));
        }
        return {};
    }

    Result<void> read_row(std::size_t line, const std::vector<std::string_view>& cells) {
        const auto date = csv_date(cells[0]);
        if (!date) return refuse(line, "not a date", cells[0]);
        if (cells.size() - 1 > quotes_.size()) {
            return refuse(line, "more cells than the first line has", cells.back());
        }
        for (std::size_t i = 1; i < cells.size(); ++i) {
            if (cells[i].empty() || cells[i] == "N/A") continue;
            if (!is_rate(cells[i])) return refuse(line, "not a rate", cells[i]);
            rates_.push_back({*date, std::string(kBase), quotes_[i - 1], std::string(cells[i])});
        }
        return {};
    }

    std::vector<std::string> quotes_;
    std::vector<FxRate> rates_;
};

}  // namespace

Result<std::vector<FxRate>> read_ecb_xml(std::string_view text) {
    TagScanner tags(without_mark(text));
    std::vector<FxRate> rates;
    std::string date;
    bool closed = false;
    while (const auto tag = HW_TRY(tags.next())) {
        if (tag->name == "Cube") HW_CHECK(read_cube(*tag, date, rates));
        closed = closed || tag->name == "/gesmes:Envelope";
    }
    if (!closed) {
        return fail(ErrorCode::UnprocessableEntity,
                    "not a whole ECB file: the end tag </gesmes:Envelope> is missing");
    }
    return rates;
}

Result<std::vector<FxRate>> read_ecb_csv(std::string_view text) {
    CsvReader reader;
    std::size_t line = 0;
    for (auto rest = without_mark(text); !rest.empty();) {
        const auto end = std::min(rest.find('\n'), rest.size());
        const auto content = trimmed(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
        ++line;
        if (content.empty() || content.starts_with('#')) continue;
        HW_CHECK(reader.read_line(line, content));
    }
    if (!reader.has_header()) return fail(ErrorCode::UnprocessableEntity, "the file is empty");
    return reader.take_rates();
}

Result<std::vector<FxRate>> read_ecb_file(std::string_view text) {
    const auto content = trimmed(without_mark(text));
    return content.starts_with('<') ? read_ecb_xml(text) : read_ecb_csv(text);
}

std::vector<FxRate> starter_rates() {
    auto rates = read_ecb_csv(embedded_file("data/fx_starter.csv"));
    HW_ASSERT(rates.has_value());
    return std::move(*rates);
}

}  // namespace hw
