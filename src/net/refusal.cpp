// SPDX-License-Identifier: Apache-2.0
#include "net/refusal.hpp"

#include <fmt/format.h>

#include <string>
#include <string_view>

#include "base/limits.hpp"
#include "base/log.hpp"

namespace hw::net {
namespace {

struct Code {
    std::string_view name;
    std::string_view anchor;
};

Code code_of(int status) {
    if (status == 500) return {"internal_server_error", "internal-server_error"};
    if (status == 503) return {"service_unavailable", "service-unavailable"};
    return {"bad_request", "bad-request"};
}

}  // namespace

Response refusal_response(const Refusal& refusal) {
    const Code code = code_of(refusal.status);
    Response response{
        .status = refusal.status,
        .body = fmt::format(R"({{"error":{{"code":"{}","message":{},)"
                            R"("doc_url":"https://dub.co/docs/api-reference/errors#{}"}}}})",
                            code.name, json_quoted(refusal.message), code.anchor),
        .content_type = "application/json"};
    if (refusal.status == 405)
        response.headers.emplace_back("Allow", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
    if (refusal.status == 503)
        response.headers.emplace_back("Retry-After", std::to_string(limits::kRetryAfterSeconds));
    return response;
}

}  // namespace hw::net
