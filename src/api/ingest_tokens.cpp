// SPDX-License-Identifier: Apache-2.0
#include "api/ingest_tokens.hpp"

#include "api/json.hpp"
#include "base/limits.hpp"
#include "core/create_ingest_token.hpp"

namespace hw::api {
namespace {

json::object token_json(const IngestToken& token) {
    return {{"id", token.token_id},
            {"kind", token.kind},
            {"name", token.name},
            {"display", token.display},
            {"createdAt", time_or_null(token.created_at_ms)},
            {"revokedAt", time_or_null(token.revoked_at_ms)}};
}

}  // namespace

Result<Work> list_ingest_tokens(const Call&) {
    return Work{Work::Mode::Read, [](Tx& tx) -> Result<Answer> {
                    json::array tokens;
                    for (const auto& token : hw::list_ingest_tokens(tx, tx.workspace_id())) {
                        tokens.push_back(token_json(token));
                    }
                    return json_answer(json::serialize(tokens));
                }};
}

Result<Work> create_ingest_token(const Call& call) {
    const auto body = HW_TRY(parse_object(call.request.body));
    NewIngestToken input;
    input.workspace_id = call.workspace().workspace_id;
    input.kind = HW_TRY(required_text(body, "kind"));
    constexpr TextRule kName{.max_characters = limits::kWorkspaceNameCharactersMax};
    input.name = HW_TRY(optional_text(body, "name", kName)).value_or("");
    return Work{.mode = Work::Mode::Write,
                .step = [input = std::move(input)](Tx& tx) -> Result<Answer> {
                    const auto created = HW_TRY(hw::create_ingest_token(tx, input));
                    auto shown = token_json(created.token);
                    shown["token"] = created.secret;
                    return json_answer(json::serialize(shown), 201);
                },
                .as_operator = true};
}

Result<Work> revoke_ingest_token(const Call& call) {
    return Work{Work::Mode::Write, [id = call.parameters.front()](Tx& tx) -> Result<Answer> {
                    const auto revoked = HW_TRY(revoke_ingest_token_of(tx, id));
                    return json_answer(json::serialize(token_json(revoked)));
                }};
}

}  // namespace hw::api
