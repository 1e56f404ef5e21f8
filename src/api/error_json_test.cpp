// SPDX-License-Identifier: Apache-2.0
#include "api/error_json.hpp"

#include <gtest/gtest.h>

namespace hw {
namespace {

TEST(ErrorResponse, EveryCodeByText) {
    struct Row {
        ErrorCode code;
        int status;
        std::string_view name;
        std::string_view anchor;  // only the first "_" becomes "-"
    };
    const Row rows[] = {
        {ErrorCode::BadRequest, 400, "bad_request", "bad-request"},
        {ErrorCode::Unauthorized, 401, "unauthorized", "unauthorized"},
        {ErrorCode::Forbidden, 403, "forbidden", "forbidden"},
        {ErrorCode::NotFound, 404, "not_found", "not-found"},
        {ErrorCode::Conflict, 409, "conflict", "conflict"},
        {ErrorCode::Gone, 410, "gone", "gone"},
        {ErrorCode::PayloadTooLarge, 413, "payload_too_large", "payload-too_large"},
        {ErrorCode::UnprocessableEntity, 422, "unprocessable_entity", "unprocessable-entity"},
        {ErrorCode::RateLimitExceeded, 429, "rate_limit_exceeded", "rate-limit_exceeded"},
        {ErrorCode::Internal, 500, "internal_server_error", "internal-server-error"},
        {ErrorCode::Unavailable, 503, "service_unavailable", "service-unavailable"},
    };
    for (const auto& row : rows) {
        const Error error{row.code, "Say \"what\" & why \xC3\xBC", "the_reason"};
        EXPECT_EQ(http_status(row.code), row.status);
        EXPECT_EQ(error_name(row.code), row.name);

        const auto track = error_response(error, ErrorShape::Track);
        EXPECT_EQ(track.status, row.status);
        EXPECT_EQ(track.content_type, "application/json");
        EXPECT_EQ(track.body, "{\"error\":{\"code\":\"" + std::string(row.name) +
                                  "\",\"message\":\"Say \\\"what\\\" & why \xC3\xBC\","
                                  "\"doc_url\":\"https://dub.co/docs/api-reference/errors#" +
                                  std::string(row.anchor) + "\"}}");

        const auto problem = error_response(error, ErrorShape::Problem);
        EXPECT_EQ(problem.status, row.status);
        EXPECT_EQ(problem.content_type, "application/problem+json");
        EXPECT_EQ(problem.body, "{\"type\":\"about:blank\",\"title\":\"" + std::string(row.name) +
                                    "\",\"status\":" + std::to_string(row.status) +
                                    ",\"detail\":\"Say \\\"what\\\" & why \xC3\xBC\","
                                    "\"reason\":\"the_reason\"}");

        const bool later =
            row.code == ErrorCode::Unavailable || row.code == ErrorCode::RateLimitExceeded;
        EXPECT_EQ(track.headers.size(), later ? 1U : 0U);
        if (later) {
            EXPECT_EQ(track.headers[0].first, "Retry-After");
            EXPECT_EQ(track.headers[0].second, "1");  // seconds
        }
    }
}

}  // namespace
}  // namespace hw
