// SPDX-License-Identifier: Apache-2.0
#include "api/operations.hpp"

#include <algorithm>

#include "api/api.hpp"
#include "api/metrics.hpp"
#include "base/embedded.hpp"
#include "base/yaml_json.hpp"

namespace hw::api {
namespace {

Response text(int status, std::string body) {
    return {.status = status,
            .body = std::move(body),
            .content_type = "text/plain; charset=utf-8",
            .headers = {}};
}

// Without whole-line comments and indentation: a third of the file, and every page loads it.
std::string smaller(std::string_view script) {
    std::string out;
    while (!script.empty()) {
        const auto end = std::min(script.find('\n'), script.size());
        auto line = script.substr(0, end);
        script.remove_prefix(std::min(end + 1, script.size()));
        line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
        if (line.empty() || line.starts_with("//")) continue;
        out.append(line).append("\n");
    }
    return out;
}

}  // namespace

void live(Api&, const Request&, Reply reply) {
    reply(text(200, "alive\n"));
}

void ready(Api& api, const Request&, Reply reply) {
    if (api.ready()) return reply(text(200, "ready\n"));
    auto response = text(503, "not ready: draining, or the database does not answer\n");
    response.headers.emplace_back("Retry-After", "1");
    reply(std::move(response));
}

void metrics(Api& api, const Request&, Reply reply) {
    auto response = text(200, api.metrics().text());
    response.content_type = "text/plain; version=0.0.4; charset=utf-8";
    reply(std::move(response));
}

void openapi(Api&, const Request&, Reply reply) {
    static const std::string document = yaml_to_json(embedded_file("openapi/headwater.yaml"));
    reply({.status = 200, .body = document, .content_type = "application/json", .headers = {}});
}

void browser_script(Api&, const Request&, Reply reply) {
    static const std::string script = smaller(embedded_file("web/script.js"));
    reply({.status = 200,
           .body = script,
           .content_type = "text/javascript; charset=utf-8",
           .headers = {{"Cache-Control", "public, max-age=3600"},
                       {"Access-Control-Allow-Origin", "*"}}});
}

}  // namespace hw::api
