// SPDX-License-Identifier: Apache-2.0
#include "api/orphans.hpp"

#include <fmt/format.h>

#include "api/json_text.hpp"
#include "api/query.hpp"
#include "api/repair_json.hpp"
#include "api/track_body.hpp"
#include "core/orphans.hpp"

namespace hw::api {
namespace {

json::object orphan_json(const Orphan& orphan) {
    const auto& c = orphan.conversion;
    return {{"conversionId", c.conversion_id},
            {"kind", c.kind},
            {"eventName", c.event_name},
            {"reason", orphan.decision.reason},
            {"amount", c.amount},
            {"currency", c.currency},
            {"occurredAt", time_or_null(c.occurred_at_ms)},
            {"invoiceId", text_or_null(c.invoice_id)},
            {"customerExternalId", c.external_customer_id},
            {"suggestedLink", link_summary(orphan.suggested)}};
}

Answer answer_of(const OrphanPage& page) {
    json::array orphans;
    for (const auto& orphan : page.orphans) orphans.push_back(orphan_json(orphan));
    json::array counts;
    for (const auto& [reason, count] : page.counts) {
        counts.push_back(json::object{{"reason", reason}, {"count", count}});
    }
    return json_answer(json_text(
        json::object{{"orphans", std::move(orphans)},
                     {"counts", std::move(counts)},
                     {"next", page.next_id.empty() ? json::value() : json::value(page.next_id)}}));
}

Result<FixOrphans> read_fix(const json::object& body) {
    FixOrphans input;
    input.conversion_ids =
        HW_TRY(optional_texts(body, "conversionIds")).value_or(std::vector<std::string>{});
    if (std::ssize(input.conversion_ids) > limits::kRepairedAtOnceMax) {
        return std::unexpected(
            invalid_field("too_big", "conversionIds",
                          fmt::format("Too big: expected array to have <={} items, got {}",
                                      limits::kRepairedAtOnceMax, input.conversion_ids.size())));
    }
    input.accept_inferred = HW_TRY(optional_bool(body, "acceptInferred")).value_or(false);
    input.after_id = HW_TRY(optional_text(body, "startingAfter")).value_or("");
    input.limit = HW_TRY(read_repair_page_size(body));
    return input;
}

}  // namespace

Result<Work> list_orphans(const Call& call) {
    const auto query = call.request.query;
    auto after = HW_TRY(query_text(query, "startingAfter")).value_or("");
    const auto limit = HW_TRY(query_page_size(query));
    return Work{Work::Mode::Scan, [after = std::move(after), limit](Tx& tx) -> Result<Answer> {
                    return answer_of(list_orphan_page(tx, after, limit));
                }};
}

Result<Work> fix_orphans(const Call& call) {
    const auto body =
        call.request.body.empty() ? json::object{} : HW_TRY(parse_object(call.request.body));
    auto input = HW_TRY(read_fix(body));
    input.actor = call.caller->api_key_id;
    const bool dry_run = HW_TRY(optional_bool(body, "dryRun")).value_or(true);
    return Work{dry_run ? Work::Mode::DryRun : Work::Mode::Write,
                [input = std::move(input), dry_run](Tx& tx) -> Result<Answer> {
                    const auto repaired = HW_TRY(hw::fix_orphans(tx, input));
                    return json_answer(json::serialize(repaired_json(repaired, dry_run)));
                }};
}

}  // namespace hw::api
