// SPDX-License-Identifier: Apache-2.0
#include "api/ledger.hpp"

#include "api/query.hpp"
#include "api/statement_json.hpp"
#include "base/base64.hpp"
#include "base/ed25519.hpp"
#include "core/list_ledger.hpp"

namespace hw::api {
namespace {

Result<ListLedger> read_list(std::string_view query) {
    ListLedger input;
    input.account = HW_TRY(query_text(query, "account")).value_or("");
    input.commission_id = HW_TRY(query_text(query, "commissionId")).value_or("");
    input.after_id = HW_TRY(query_text(query, "startingAfter")).value_or("");
    input.limit = HW_TRY(query_count(query, "limit",
                                     {.number_message = "Limit must be a number.",
                                      .too_small_message = "Limit must be greater than 0.",
                                      .max = limits::kLedgerPageMax,
                                      .too_big_message = "Max limit is 1000."}))
                      .value_or(100);
    return input;
}

}  // namespace

Result<Work> list_accounts(const Call& call) {
    auto prefix = HW_TRY(query_text(call.request.query, "prefix")).value_or("");
    return Work{Work::Mode::Scan, [prefix = std::move(prefix)](Tx& tx) -> Result<Answer> {
                    return json_answer(json::serialize(
                        balances_json(list_balances(tx, tx.workspace_id(), prefix))));
                }};
}

Result<Work> list_ledger(const Call& call) {
    auto input = HW_TRY(read_list(call.request.query));
    return Work{Work::Mode::Scan, [input = std::move(input)](Tx& tx) -> Result<Answer> {
                    json::array rows;
                    for (const auto& sealed : hw::list_ledger(tx, input)) {
                        rows.push_back(ledger_json(sealed));
                    }
                    return json_answer(json::serialize(rows));
                }};
}

Result<Work> ledger_key(const Call&) {
    return Work{Work::Mode::Write, [](Tx& tx) -> Result<Answer> {
                    return json_answer(json::serialize(json::object{
                        {"algorithm", "ed25519"},
                        {"publicKey", base64_text(ed25519_public_key(signing_seed(tx)))}}));
                }};
}

Result<Work> partner_statement(const Call& call) {
    return Work{Work::Mode::Write, [id = call.parameters.at(0)](Tx& tx) -> Result<Answer> {
                    const auto statement = HW_TRY(hw::partner_statement(tx, id));
                    auto answer = json_answer(signed_statement(statement, signing_seed(tx)));
                    answer.content_type = "application/x-ndjson";
                    return answer;
                }};
}

}  // namespace hw::api
