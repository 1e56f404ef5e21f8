// SPDX-License-Identifier: Apache-2.0
#include "api/track_log.hpp"

#include "api/json.hpp"
#include "api/query.hpp"
#include "store/conversion_log.hpp"

namespace hw::api {
namespace {

json::value entry_json(const LogEntry& entry) {
    return json::object{{"id", entry.log_id},
                        {"at", time_or_null(entry.at_ms)},
                        {"method", entry.method},
                        {"path", entry.path},
                        {"status", entry.status},
                        {"reason", entry.reason},
                        {"conversionId", text_or_null(entry.conversion_id)},
                        {"requestId", entry.request_id},
                        {"request", entry.request_body},
                        {"response", entry.response_body}};
}

}  // namespace

Result<Work> track_log(const Call& call) {
    const auto page = HW_TRY(query_page(call.request.query)).value_or(1);
    const auto size = HW_TRY(query_page_size(call.request.query));
    return Work{
        Work::Mode::Read, [page, size](Tx& tx) -> Result<Answer> {
            json::array entries;
            const auto offset = (page - 1) * size;
            for (const auto& entry : list_log_entries(tx, tx.workspace_id(), size, offset)) {
                entries.push_back(entry_json(entry));
            }
            return json_answer(json::serialize(entries));
        }};
}

}  // namespace hw::api
