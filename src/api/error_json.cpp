// SPDX-License-Identifier: Apache-2.0
#include "api/error_json.hpp"

#include <boost/json.hpp>
#include <string>

#include "base/limits.hpp"

namespace hw {
namespace {

namespace json = boost::json;

struct Known {
    int status;
    std::string_view name;
};

Known known(ErrorCode code) {
    switch (code) {
        case ErrorCode::BadRequest:
            return {400, "bad_request"};
        case ErrorCode::Unauthorized:
            return {401, "unauthorized"};
        case ErrorCode::Forbidden:
            return {403, "forbidden"};
        case ErrorCode::NotFound:
            return {404, "not_found"};
        case ErrorCode::Conflict:
            return {409, "conflict"};
        case ErrorCode::Gone:
            return {410, "gone"};
        case ErrorCode::PayloadTooLarge:
            return {413, "payload_too_large"};
        case ErrorCode::UnprocessableEntity:
            return {422, "unprocessable_entity"};
        case ErrorCode::RateLimitExceeded:
            return {429, "rate_limit_exceeded"};
        case ErrorCode::Unavailable:
            return {503, "service_unavailable"};
        case ErrorCode::Internal:
            break;
    }
    return {500, "internal_server_error"};
}

// Clients compare it as text: only the first "_" becomes "-".
std::string doc_url(std::string_view name) {
    std::string anchor(name);
    if (const auto at = anchor.find('_'); at != anchor.npos) anchor[at] = '-';
    if (name == "internal_server_error") anchor = "internal-server-error";
    return "https://dub.co/docs/api-reference/errors#" + anchor;
}

}  // namespace

int http_status(ErrorCode code) {
    return known(code).status;
}
std::string_view error_name(ErrorCode code) {
    return known(code).name;
}

Response error_response(const Error& error, ErrorShape shape) {
    const auto [status, name] = known(error.code);
    Response response{.status = status};
    if (shape == ErrorShape::Track) {
        response.content_type = "application/json";
        response.body =
            json::serialize(json::object{{"error", json::object{{"code", name},
                                                                {"message", error.message},
                                                                {"doc_url", doc_url(name)}}}});
    } else if (shape == ErrorShape::Ingest) {
        const bool of_token =
            error.code == ErrorCode::Unauthorized || error.code == ErrorCode::Forbidden;
        response.content_type = "application/json";
        response.body =
            json::serialize(json::object{{of_token ? "error" : "message", error.message}});
    } else {
        response.content_type = "application/problem+json";
        response.body = json::serialize(json::object{{"type", "about:blank"},
                                                     {"title", name},
                                                     {"status", status},
                                                     {"detail", error.message},
                                                     {"reason", error.reason}});
    }
    if (error.code == ErrorCode::Unavailable || error.code == ErrorCode::RateLimitExceeded) {
        response.headers.emplace_back("Retry-After", std::to_string(limits::kRetryAfterSeconds));
    }
    return response;
}

}  // namespace hw
