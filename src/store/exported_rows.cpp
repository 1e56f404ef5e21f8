// SPDX-License-Identifier: Apache-2.0
#include "store/exported_rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <span>

#include "base/fault.hpp"
#include "store/tables.hpp"

namespace hw {
namespace {

struct Derived {
    std::string_view name;
    std::string_view sql;
    ColumnType type;
};

struct Renamed {
    std::string_view column;
    std::string_view name;
};

struct Collection {
    std::string_view table;  // also the collection's name; "t" in the statement
    std::string_view joins{};
    std::span<const Derived> derived{};
    std::span<const Renamed> renamed{};
    std::string_view json_column{};
};

// The decision that stands, and what the sale is called by now: `kind` is purchase or lead when it
// is recorded. Refunds as core/settle_commission.cpp counts them: of the sale's currency, and never
// more than the sale was.
constexpr std::string_view kCurrentAttribution = R"sql(
left join revenues v on v.workspace_id = t.workspace_id and v.conversion_id = t.conversion_id
left join attributions a on a.workspace_id = t.workspace_id
    and a.conversion_id = t.conversion_id
    and a.seq = (select max(n.seq) from attributions n
        where n.workspace_id = t.workspace_id and n.conversion_id = t.conversion_id))sql";
constexpr std::string_view kRefunded = R"sql((
select cast(case when coalesce(sum(r.amount), 0) > t.amount then t.amount
    else coalesce(sum(r.amount), 0) end as bigint)
from refunds r
where r.workspace_id = t.workspace_id and (r.currency = '' or r.currency = t.currency)
    and r.payment_alias in ('conversion:' || t.conversion_id, 'invoice:' || t.invoice_id)))sql";
const std::string kNet = fmt::format("t.amount - {}", kRefunded);
constexpr std::string_view kMrrMovement = R"sql((
select cast(sum(m.delta) as bigint) from mrr_movements m
where m.workspace_id = t.workspace_id and m.conversion_id = t.conversion_id))sql";
// The name under which the same thing told again is known to be the same.
constexpr std::string_view kDedupKey = R"sql(case when t.kind = 'lead'
then (select 'lead:' || k.customer_id || ':' || k.event_key from lead_keys k
    where k.workspace_id = t.workspace_id and k.conversion_id = t.conversion_id)
else 'invoice:' || t.invoice_id end)sql";
const Derived kOfConversion[] = {
    {"kind", "coalesce(v.kind, t.kind)", ColumnType::Text},
    {"subscriptionId", "v.subscription_id", ColumnType::Text},
    {"isTest", "coalesce(v.is_test, 0)", ColumnType::Int64},
    {"dedupKey", kDedupKey, ColumnType::Text},
    {"mrrMovement", kMrrMovement, ColumnType::Int64},
    {"rung", "a.rung", ColumnType::Text},
    {"confidence", "a.confidence", ColumnType::Text},
    {"linkId", "a.link_id", ColumnType::Text},
    {"inferredLinkId", "a.inferred_link_id", ColumnType::Text},
    {"partnerId", "a.partner_id", ColumnType::Text},
    {"touchId", "a.touch_id", ColumnType::Text},
    {"refundedAmount", kRefunded, ColumnType::Int64},
    {"net", kNet, ColumnType::Int64},
};
constexpr Renamed kRecorded[] = {{"kind", "recordedKind"}};

// `amount` and `earnings` are what the API calls so: as they stand now.
constexpr std::string_view kState = R"sql(
left join commission_states s on s.workspace_id = t.workspace_id
    and s.commission_id = t.commission_id)sql";
constexpr Derived kOfCommission[] = {
    {"status", "s.status", ColumnType::Text},
    {"amount", "s.amount", ColumnType::Int64},
    {"earnings", "s.earnings", ColumnType::Int64},
    {"due", "s.due", ColumnType::Int64},
    {"payoutId", "s.payout_id", ColumnType::Text},
    {"paidAtMs", "s.paid_at_ms", ColumnType::Int64},
    {"updatedAtMs", "s.updated_at_ms", ColumnType::Int64},
};
constexpr Renamed kCredited[] = {{"amount", "creditedAmount"}, {"earnings", "creditedEarnings"}};

const Collection kCollections[] = {
    {.table = "attributions", .json_column = "evidence"},
    {.table = "commissions",
     .joins = kState,
     .derived = kOfCommission,
     .renamed = kCredited,
     .json_column = "metadata"},
    {.table = "conversions",
     .joins = kCurrentAttribution,
     .derived = kOfConversion,
     .renamed = kRecorded,
     .json_column = "metadata"},
    {.table = "deliveries"},
    {.table = "mrr_movements"},
    {.table = "postings"},
    {.table = "touches"},
};

std::string camel_case(std::string_view column) {
    std::string name;
    bool upper = false;
    for (const char c : column) {
        if (c != '_') name += upper ? static_cast<char>(c - 'a' + 'A') : c;
        upper = c == '_';
    }
    return name;
}

struct Field {
    std::string name;
    ColumnType type;
    bool json = false;
};

std::vector<Field> fields_of(const Collection& collection, const Table& table) {
    std::vector<Field> fields;
    for (const auto& column : table.columns) {
        const auto renamed = std::ranges::find(collection.renamed, column.name, &Renamed::column);
        fields.push_back({.name = renamed == collection.renamed.end() ? camel_case(column.name)
                                                                      : std::string(renamed->name),
                          .type = column.type,
                          .json = column.name == collection.json_column});
    }
    for (const auto& derived : collection.derived) {
        fields.push_back({.name = std::string(derived.name), .type = derived.type});
    }
    return fields;
}

std::string select_text(const Collection& collection, const Table& table,
                        std::string_view workspace_id) {
    std::string columns;
    for (const auto& column : table.columns) {
        columns += (columns.empty() ? "t." : ", t.") + column.name;
    }
    for (const auto& derived : collection.derived) columns += fmt::format(", {}", derived.sql);
    auto keys = table.columns;
    std::erase_if(keys, [](const Column& column) { return column.key_position == 0; });
    std::ranges::sort(keys, {}, &Column::key_position);
    std::string order;
    for (const auto& key : keys) order += (order.empty() ? "t." : ", t.") + key.name;
    return fmt::format("select {} from {} t {} where t.workspace_id = '{}' order by {}", columns,
                       table.name, collection.joins, workspace_id, order);
}

void append_value(std::string& line, const Row& row, int column, const Field& field) {
    if (row.is_null(column)) {
        line += "null";
    } else if (field.type == ColumnType::Int64) {
        fmt::format_to(std::back_inserter(line), "{}", row.int64(column));
    } else if (field.json) {
        // Within the texts of JSON a line break is escaped; between them it is a space.
        auto text = row.text(column);
        std::ranges::replace_if(text, [](char c) { return c == '\n' || c == '\r'; }, ' ');
        line += text;
    } else {
        line += boost::json::serialize(boost::json::string_view(row.view(column)));
    }
}

std::string line_of(const Row& row, const std::vector<Field>& fields) {
    std::string line = "{";
    for (std::size_t i = 0; i < fields.size(); ++i) {
        line += fmt::format("{}\"{}\":", i == 0 ? "" : ",", fields[i].name);
        append_value(line, row, static_cast<int>(i), fields[i]);
    }
    return line + "}";
}

bool is_plain(std::string_view id) {
    return std::ranges::all_of(id, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '_';
    });
}

}  // namespace

std::vector<std::string> exported_collections() {
    std::vector<std::string> names;
    for (const auto& collection : kCollections) names.emplace_back(collection.table);
    return names;
}

std::int64_t export_rows(const std::string& url, std::string_view workspace_id,
                         std::string_view collection,
                         FunctionRef<void(std::string_view line)> on_line) {
    const auto* const wanted = std::ranges::find(kCollections, collection, &Collection::table);
    HW_ASSERT(wanted != std::end(kCollections));
    HW_ASSERT(is_plain(workspace_id));  // a stream takes no parameters
    const auto connection = connect(url, Access::ReadOnly);
    connection->begin(workspace_id);
    const auto tables = list_tables(*connection);
    const auto table = std::ranges::find(tables, collection, &Table::name);
    HW_ASSERT(table != tables.end());
    const auto fields = fields_of(*wanted, *table);
    std::int64_t rows = 0;
    connection->stream(select_text(*wanted, *table, workspace_id), [&](const Row& row) {
        ++rows;
        on_line(line_of(row, fields));
    });
    connection->rollback();
    return rows;
}

}  // namespace hw
