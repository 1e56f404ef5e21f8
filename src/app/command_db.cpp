// SPDX-License-Identifier: Apache-2.0
#include "app/command_db.hpp"

#include <fmt/format.h>

#include "app/exit_code.hpp"
#include "core/record_clicks.hpp"
#include "store/health.hpp"
#include "store/migrate.hpp"

namespace hw {
namespace {

// No server runs here; where one does, its own --public-url counts.
constexpr auto kServerUrl = "http://localhost:8080";

DbOptions options_of(const std::string& url, Schema schema, EventPayloads& payloads) {
    if (schema == Schema::Migrate) {
        migrate(url);
    } else {
        demand_schema(url);
    }
    return {.url = url,
            .writers = 1,
            .readers = 1,
            .record_clicks = record_clicks,
            .payloads = &payloads};
}

}  // namespace

CommandDb::CommandDb(const std::string& url, Schema schema)
    : payloads_(kServerUrl), db_(options_of(url, schema, payloads_), env_) {}

Result<Workspace> CommandDb::workspace(const std::string& name) {
    const auto all =
        read([](Tx& tx) -> Result<std::vector<Workspace>> { return list_workspaces(tx); });
    if (!all) return std::unexpected(all.error());
    std::string known;
    for (const auto& workspace : *all) {
        if (workspace.slug == name || workspace.workspace_id == name) return workspace;
        known += (known.empty() ? "" : ", ") + workspace.slug;
    }
    if (all->empty()) {
        return fail(ErrorCode::NotFound,
                    "the database has no workspace yet: make one with "
                    "`headwater workspaces create SLUG`");
    }
    if (name.empty() && all->size() == 1) return all->front();
    return fail(ErrorCode::NotFound,
                name.empty()
                    ? fmt::format("which workspace? Give --workspace, one of: {}", known)
                    : fmt::format("there is no workspace '{}'; there are: {}", name, known));
}

int refused(const Error& error) {
    fmt::print(stderr, "headwater: {}\n", error.message);
    switch (error.code) {
        case ErrorCode::BadRequest:
        case ErrorCode::UnprocessableEntity:
        case ErrorCode::PayloadTooLarge:
            return exit_code::kUsage;
        case ErrorCode::Unavailable:
            return exit_code::kUnavailable;
        default:
            return exit_code::kFailed;
    }
}

}  // namespace hw
