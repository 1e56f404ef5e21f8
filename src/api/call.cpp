// SPDX-License-Identifier: Apache-2.0
#include "api/call.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "api/api.hpp"
#include "api/error_json.hpp"
#include "api/routes.hpp"
#include "base/digest.hpp"
#include "base/limits.hpp"
#include "store/idempotency.hpp"

namespace hw {

std::string Call::server_url() const {
    std::string url = options.public_url;
    if (url.empty()) {
        const auto host = request.header("Host");
        url.append(request.secure ? "https://" : "http://").append(host);
    }
    while (url.ends_with('/')) url.pop_back();
    return url;
}

Answer json_answer(std::string body, int status) {
    Answer answer;
    answer.status = status;
    answer.body = std::move(body);
    answer.content_type = "application/json";
    return answer;
}

Answer refusal_answer(const Error& error) {
    Answer answer;
    static_cast<Response&>(answer) = error_response(error, ErrorShape::Track);
    answer.reason = error.reason;
    return answer;
}

Result<Answer> answer_once(Tx& tx, std::string_view scope, std::string_view key,
                           std::string_view request_body,
                           std::move_only_function<Result<Answer>()> work) {
    const auto hash = sha256_hex(request_body);
    if (const auto stored = claim_key(tx, scope, key, hash)) {
        auto answer = json_answer(stored->body, static_cast<int>(stored->status));
        answer.headers.emplace_back("Idempotent-Replayed", "true");
        if (stored->request_hash != hash) {
            // Same answer, but the caller can see that it told two different stories.
            answer.headers.emplace_back("Idempotency-Mismatch", "true");
            answer.reason = "repeat_with_other_content";
        } else {
            answer.reason = "repeat";
        }
        return answer;
    }
    auto answer = work();
    if (!answer) return answer;
    if (answer->reason.empty()) {
        store_answer(tx, scope, key, answer->status, answer->body);
    } else {
        release_key(tx, scope, key);
    }
    return answer;
}

Result<std::string> read_idempotency_key(const Request& request) {
    constexpr std::string_view kName = "Idempotency-Key";
    if (request.method != "POST" || !request.has_header(kName)) return std::string();
    const auto key = request.header(kName);
    const auto visible = [](char c) { return c >= ' ' && c <= '~'; };
    if (key.empty() || key.size() > limits::kIdempotencyKeyBytesMax ||
        !std::ranges::all_of(key, visible)) {
        return fail(ErrorCode::BadRequest,
                    fmt::format("The Idempotency-Key header must be 1 to {} visible ASCII "
                                "characters.",
                                limits::kIdempotencyKeyBytesMax),
                    "invalid_idempotency_key");
    }
    return std::string(key);
}

Result<Answer> answer_key_once(Tx& tx, const Call& call, const Route& route,
                               std::move_only_function<Result<Answer>()> work) {
    const auto scope = "key:" + std::string(route.operation);
    auto content = std::string(route.path);
    for (const auto& parameter : call.parameters) {
        content += fmt::format("\n{}:{}", parameter.size(), parameter);
    }
    const auto hash =
        sha256_hex(fmt::format("{}\n?{}\n{}", content, call.request.query, call.request.body));
    const auto stored = claim_key(tx, scope, call.idempotency_key, hash);
    if (!stored) {
        auto answer = HW_TRY(work());
        store_answer(tx, scope, call.idempotency_key, answer.status, answer.body);
        return answer;
    }
    if (stored->request_hash != hash) {
        return fail(ErrorCode::UnprocessableEntity,
                    fmt::format("The Idempotency-Key '{}' was used before for a request with other "
                                "content. Use a new key for a new request.",
                                call.idempotency_key),
                    "idempotency_key_reused");
    }
    auto answer = json_answer(stored->body, static_cast<int>(stored->status));
    answer.headers.emplace_back("Idempotent-Replayed", "true");
    answer.reason = "repeat";
    return answer;
}

}  // namespace hw
