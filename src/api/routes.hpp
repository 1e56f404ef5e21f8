// SPDX-License-Identifier: Apache-2.0
// The route table: which path is answered by whom, who may call it, and how it fails.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "api/call.hpp"
#include "api/error_json.hpp"
#include "base/limits.hpp"

namespace hw {

class Api;

enum class Auth : std::uint8_t {
    None,         // anyone
    Secret,       // a workspace's secret key with the route's scope
    Publishable,  // a workspace's publishable key, from an allowed host
};

// Reads the request and gives the work, or the refusal. Runs on an I/O thread.
using Handler = Result<Work> (*)(const Call&);

// For the few that are no transaction of one workspace: answers by itself.
using DirectHandler = void (*)(Api&, const Request&, Reply);

struct Route {
    std::string_view method;
    std::string_view path;       // "/links/{linkId}"
    std::string_view operation;  // operationId in openapi/headwater.yaml
    Auth auth = Auth::Secret;
    std::string_view scope{};  // for example "links.write"; "apis.all" always suffices
    ErrorShape errors = ErrorShape::Track;
    bool browser = false;  // CORS for everyone, OPTIONS answered
    bool logged = false;   // in the conversion log, with every outcome
    Handler handler = nullptr;
    DirectHandler direct = nullptr;
    std::size_t body_bytes_max = limits::kBodyBytesMax;
};

std::span<const Route> routes();

struct RouteMatch {
    const Route* route = nullptr;
    std::vector<std::string> parameters{};
    bool path_known = false;  // another method would do: 405
    bool browser = false;     // that one is for browsers
    std::string allow{};      // the methods that would do, as the Allow header lists them
};

// What the route table calls the path: without the optional "/api" in front.
std::string_view without_api_prefix(std::string_view path);

// `path` without the optional "/api" in front.
RouteMatch match_route(std::string_view method, std::string_view path);

// The most bytes of a body that this path takes, for the server's BodyLimit.
std::size_t body_bytes_max(std::string_view method, std::string_view path);

// True when a path of the API begins with this segment: no short link on the API's own host may.
bool is_reserved_segment(std::string_view segment);

}  // namespace hw
