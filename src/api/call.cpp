// SPDX-License-Identifier: Apache-2.0
#include "api/call.hpp"

#include "api/api.hpp"
#include "api/error_json.hpp"
#include "base/digest.hpp"
#include "base/limits.hpp"
#include "base/utf8.hpp"
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

Result<Answer> answer_request_once(Tx& tx, const Request& request, std::string_view operation,
                                   std::move_only_function<Result<Answer>()> work) {
    const auto key = request.header("Idempotency-Key");
    if (key.empty()) return work();
    if (!is_valid_utf8(key) || utf16_length(key) > limits::kReferenceCharactersMax) {
        return fail(ErrorCode::BadRequest,
                    "The Idempotency-Key header is longer than 255 characters or no valid text.",
                    "invalid_idempotency_key");
    }
    return answer_once(tx, operation, key, request.body, std::move(work));
}

}  // namespace hw
