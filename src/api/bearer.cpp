// SPDX-License-Identifier: Apache-2.0
#include "api/bearer.hpp"

#include <algorithm>

#include "base/limits.hpp"

namespace hw {
namespace {

constexpr std::string_view kBearer = "Bearer ";
constexpr std::string_view kPublishable = "dub_pk_";

bool is_publishable_key(std::string_view key) {
    if (!key.starts_with(kPublishable)) return false;
    const auto rest = key.substr(kPublishable.size());
    return rest.size() >= limits::kPublishableKeyCharactersMin &&
           rest.size() <= limits::kPublishableKeyCharactersMax &&
           std::ranges::all_of(rest, [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '_' || c == '-';
           });
}

}  // namespace

Result<std::string_view> read_secret_key(const Request& request) {
    const auto header = request.header("Authorization");
    if (header.empty()) {
        return fail(ErrorCode::Unauthorized, "Missing Authorization header.", "no_key");
    }
    if (!header.starts_with(kBearer)) {
        return fail(ErrorCode::BadRequest,
                    "Misconfigured authorization header. Did you forget to add 'Bearer '? Learn "
                    "more: https://d.to/auth",
                    "no_bearer");
    }
    return header.substr(kBearer.size());
}

Result<std::string_view> read_publishable_key(const Request& request) {
    const auto header = request.header("Authorization");
    if (header.empty()) {
        return fail(ErrorCode::Unauthorized, "Missing publishable key.", "no_key");
    }
    const auto key =
        header.starts_with(kBearer) ? header.substr(kBearer.size()) : std::string_view{};
    if (!is_publishable_key(key)) {
        return fail(ErrorCode::BadRequest, "Invalid or missing publishable key.", "malformed_key");
    }
    return key;
}

bool has_scope(std::string_view scopes, std::string_view wanted) {
    while (!scopes.empty()) {
        const auto space = scopes.find(' ');
        const auto scope = scopes.substr(0, space);
        if (scope == wanted || scope == "apis.all") return true;
        if (scope == "apis.read" && wanted.ends_with(".read")) return true;
        scopes = space == scopes.npos ? std::string_view{} : scopes.substr(space + 1);
    }
    return false;
}

}  // namespace hw
