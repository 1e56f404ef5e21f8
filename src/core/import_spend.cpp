// SPDX-License-Identifier: Apache-2.0
#include "core/import_spend.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "base/ascii.hpp"
#include "base/civil_time.hpp"
#include "base/csv.hpp"
#include "base/limits.hpp"
#include "base/money.hpp"
#include "base/utf8.hpp"
#include "store/advisory_lock.hpp"
#include "store/audit_log.hpp"

namespace hw {
namespace {

enum class Column : std::uint8_t { Date, Source, Campaign, Amount, Currency };
constexpr std::array<std::string_view, 5> kColumns{"date", "source", "campaign", "amount",
                                                   "currency"};

// Where each column is.
using Places = std::array<std::optional<std::size_t>, kColumns.size()>;

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view kBlank = " \t";
    const auto first = text.find_first_not_of(kBlank);
    if (first == text.npos) return {};
    return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

std::unexpected<Error> refused_field(std::string_view field, std::string_view why) {
    return fail(ErrorCode::UnprocessableEntity, fmt::format("invalid_value: {}: {}", field, why),
                "invalid_spend");
}

Result<Places> places_of(const std::vector<std::string>& header) {
    Places places;
    for (std::size_t i = 0; i < header.size(); ++i) {
        const auto name = ascii_lower(trimmed(header[i]));
        const auto* column = std::ranges::find(kColumns, name);
        if (column == kColumns.end()) {
            return refused_field("header",
                                 fmt::format("'{}' is no column of spend. The columns are date, "
                                             "source, campaign, amount and currency.",
                                             valid_utf8(name)));
        }
        auto& place = places[static_cast<std::size_t>(column - kColumns.begin())];
        if (place) return refused_field("header", fmt::format("'{}' is there twice.", name));
        place = i;
    }
    for (std::size_t i = 0; i < kColumns.size(); ++i) {
        if (places[i] || static_cast<Column>(i) == Column::Campaign) continue;
        return refused_field("header",
                             fmt::format("No column is called '{}'. The first row names the "
                                         "columns: date,source,campaign,amount,currency.",
                                         kColumns[i]));
    }
    return places;
}

class RowReader {
  public:
    RowReader(const Places& places, const std::vector<std::string>& cells)
        : places_(places), cells_(cells) {}

    Result<Spend> read() const {
        Spend spend;
        spend.day = HW_TRY(day());
        spend.source = HW_TRY(name(Column::Source));
        if (spend.source.empty()) return refused_field("source", "It is empty. Name the source.");
        spend.campaign = HW_TRY(name(Column::Campaign));
        spend.currency = ascii_lower(cell(Column::Currency));
        if (!currency_exponent(spend.currency)) {
            return refused_field("currency",
                                 fmt::format("'{}' is no currency. Give an ISO 4217 code such as "
                                             "EUR.",
                                             valid_utf8(cell(Column::Currency))));
        }
        spend.amount = HW_TRY(amount(spend.currency));
        return spend;
    }

  private:
    std::string_view cell(Column column) const {
        const auto place = places_[static_cast<std::size_t>(column)];
        if (!place || *place >= cells_.size()) return {};
        return trimmed(plain_cell(cells_[*place]));
    }

    Result<std::string> day() const {
        const auto text = cell(Column::Date);
        const auto at_ms = parse_date(text);
        if (at_ms && *at_ms >= 0) return date_text(*at_ms);
        return refused_field(
            "date", fmt::format("'{}' is no day. Give one such as 2026-01-02.", valid_utf8(text)));
    }

    Result<std::string> name(Column column) const {
        const auto text = cell(column);
        const auto field = kColumns[static_cast<std::size_t>(column)];
        if (!is_valid_utf8(text) || text.contains('\0')) {
            return refused_field(field, "It is no valid UTF-8 text. Save the file as UTF-8.");
        }
        if (text.size() > limits::kSpendTextCharactersMax) {
            return refused_field(field, fmt::format("It has {} bytes; at most {} are kept.",
                                                    text.size(), limits::kSpendTextCharactersMax));
        }
        return ascii_lower(text);
    }

    Result<std::int64_t> amount(const std::string& currency) const {
        const auto text = cell(Column::Amount);
        const auto amount = parse_minor_units(text, currency);
        if (amount && *amount >= 0 && *amount <= limits::kAmountMax) return *amount;
        return refused_field(
            "amount", fmt::format("'{}' is no amount of {}. Give a decimal number such as 12.50, "
                                  "not below 0, with no more decimals than the currency has.",
                                  valid_utf8(text), currency));
    }

    const Places& places_;
    const std::vector<std::string>& cells_;
};

std::string key_text(const Spend& spend) {
    return fmt::format("{}/{}/{}", spend.day, spend.source, spend.campaign);
}

std::string money_text(const Spend& spend) {
    return fmt::format("{} {}", format_minor(spend.amount, spend.currency), spend.currency);
}

// What is replaced is kept in the audit log.
void import_row(Tx& tx, const Spend& spend, std::string_view actor, SpendOutcome& outcome) {
    const auto before = find_spend(tx, spend);
    if (before == spend) {
        ++outcome.unchanged;
        return;
    }
    put_spend(tx, spend);
    if (!before) {
        ++outcome.created;
        return;
    }
    ++outcome.replaced;
    append_audit_entry(tx, {.actor = std::string(actor),
                            .action = "spend.replaced",
                            .subject_id = key_text(spend),
                            .detail = money_text(*before) + " -> " + money_text(spend)});
}

}  // namespace

Result<std::vector<SpendRow>> read_spend_file(std::string_view text) {
    CsvReader reader(text);
    std::vector<std::string> cells;
    if (!HW_TRY(reader.next(cells))) return refused_field("file", "It is empty.");
    const auto places = HW_TRY(places_of(cells));
    std::vector<SpendRow> rows;
    while (HW_TRY(reader.next(cells))) {
        if (rows.size() == limits::kSpendRowsMax) {
            return fail(ErrorCode::UnprocessableEntity,
                        fmt::format("too_big: file: It has more than {} rows. Split it.",
                                    limits::kSpendRowsMax),
                        "import_too_big");
        }
        const auto number = static_cast<std::int64_t>(rows.size() + 1);
        rows.push_back({number, RowReader(places, cells).read()});
    }
    if (rows.empty()) return refused_field("file", "It has no rows behind the names of columns.");
    return rows;
}

void SpendOutcome::add(const SpendOutcome& batch) {
    rows += batch.rows;
    created += batch.created;
    replaced += batch.replaced;
    unchanged += batch.unchanged;
    failed += batch.failed;
    for (const auto& failure : batch.failures) {
        if (failures.size() == limits::kImportErrorsMax) return;
        failures.push_back(failure);
    }
}

Result<SpendOutcome> import_spend(Tx& tx, std::span<const SpendRow> rows, std::string_view actor) {
    wait_advisory_lock(tx, "spend:" + tx.workspace_id());
    SpendOutcome outcome;
    outcome.rows = static_cast<std::int64_t>(rows.size());
    for (const auto& row : rows) {
        if (row.spend) {
            import_row(tx, *row.spend, actor, outcome);
            continue;
        }
        ++outcome.failed;
        outcome.failures.push_back({row.number, row.spend.error().message});
    }
    if (outcome.created + outcome.replaced > 0) {
        append_audit_entry(tx,
                           {.actor = std::string(actor),
                            .action = "spend.imported",
                            .subject_id = "spend",
                            .detail = fmt::format("{} rows: {} created, {} replaced", outcome.rows,
                                                  outcome.created, outcome.replaced)});
    }
    return outcome;
}

}  // namespace hw
