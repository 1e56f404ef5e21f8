// SPDX-License-Identifier: Apache-2.0
#include "api/export_events.hpp"

#include "api/analytics_query.hpp"
#include "api/event_json.hpp"
#include "api/export.hpp"
#include "core/list_events.hpp"
#include "store/analytics.hpp"

namespace hw::api {
namespace {

constexpr ExportColumn kColumns[] = {
    {"event", "event"},
    {"timestamp", "timestamp"},
    {"eventId", "eventId"},
    {"eventName", "eventName"},
    {"clickId", "click.id"},
    {"linkId", "link.id"},
    {"shortLink", "link.shortLink"},
    {"url", "url"},
    {"trigger", "click.trigger"},
    {"country", "click.country"},
    {"region", "click.region"},
    {"city", "click.city"},
    {"continent", "click.continent"},
    {"device", "click.device"},
    {"browser", "click.browser"},
    {"os", "click.os"},
    {"referer", "click.referer"},
    {"refererUrl", "click.refererUrl"},
    {"customerId", "customer.id"},
    {"customerExternalId", "customer.externalId"},
    {"customerName", "customer.name"},
    {"customerEmail", "customer.email"},
    {"saleAmount", "sale.amount"},
    {"currency", "sale.currency"},
    {"invoiceId", "sale.invoiceId"},
    {"paymentProcessor", "sale.paymentProcessor"},
    {"metadata", "metadata"},
};

// What a caller asks for, as seen when the export began.
struct Asked {
    Counting counting = Counting::Clicks;
    AskedRange range{};
    EventFilter filter{};
    std::int64_t now_ms = 0;
    std::string server_url{};
};

Result<ExportPage> read_page(Tx& tx, const Asked& asked, const std::string& after) {
    const auto first_ms = first_counted_hour(tx).value_or(asked.now_ms);
    const auto range = HW_TRY(read_range(asked.range, asked.now_ms, first_ms));
    EventWalk walk{.counting = asked.counting,
                   .filter = &asked.filter,
                   .from_ms = range.from_ms,
                   .to_ms = range.to_ms,
                   .newest_first = false,
                   .until_ms = tx.env().now_ms() + limits::kScanBudgetMs,
                   .after = after,
                   .rows_at_once = limits::kExportRowsAtOnce};
    std::vector<Event> events;
    const bool finished = walk_events(tx, walk, [&](Event&& event) {
        events.push_back(std::move(event));
        return std::ssize(events) < limits::kExportRowsAtOnce;
    });
    add_customers(tx, events);
    ExportPage page{.rows = {},
                    .after = walk.after,
                    .last = finished && std::ssize(events) < limits::kExportRowsAtOnce};
    for (const auto& event : events) page.rows.push_back(event_json(event, asked.server_url));
    return page;
}

}  // namespace

Result<Work> export_events(const Call& call) {
    const auto query = call.request.query;
    Asked asked{.now_ms = call.env.now_ms(), .server_url = call.server_url()};
    asked.counting = HW_TRY(read_counting(query, Allow::OneKind));
    asked.range = HW_TRY(read_asked_range(query));
    asked.filter = HW_TRY(read_event_filter(query));
    const std::string name = asked.counting == Counting::Clicks  ? "clicks"
                             : asked.counting == Counting::Leads ? "leads"
                                                                 : "sales";
    auto read = [asked = std::make_shared<const Asked>(std::move(asked))](
                    Tx& tx, const std::string& after) { return read_page(tx, *asked, after); };
    return export_rows(call, {.name = name, .columns = kColumns, .read = std::move(read)});
}

}  // namespace hw::api
