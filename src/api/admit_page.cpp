// SPDX-License-Identifier: Apache-2.0
#include "api/admit_page.hpp"

#include <fmt/format.h>

#include "api/api.hpp"
#include "api/link_lookup.hpp"
#include "core/allow_hostname.hpp"

namespace hw {
namespace {

std::optional<Error> refusal(const Workspace& workspace, const Request& request) {
    const auto host = request_hostname(request.header("Referer"), request.header("Origin"));
    auto allowed = allow_hostname(workspace.allowed_hostnames, host);
    return allowed ? std::nullopt : std::optional(std::move(allowed.error()));
}

void check_host(Api& api, const Request& request, std::shared_ptr<const PreparedLink> link,
                PageAdmitted then) {
    const auto workspace_id = link->workspace_id;
    api.look_up_workspace(
        workspace_id, [&api, &request, link = std::move(link), then = std::move(then)](
                          Result<std::shared_ptr<const Workspace>> workspace) mutable {
            if (!workspace) return then(std::unexpected(std::move(workspace.error())));
            AdmittedPage page{std::move(link), refusal(**workspace, request)};
            api.visitors().with_salts([page = std::move(page), then = std::move(then)](
                                          std::optional<Error> failed) mutable {
                if (failed) return then(std::unexpected(std::move(*failed)));
                then(std::move(page));
            });
        });
}

}  // namespace

void admit_page(Api& api, const Request& request, NamedLink named, PageAdmitted then) {
    auto domain = named.domain;  // before `named` moves: arguments have no order
    auto key_folded = named.key_folded;
    look_up_link(api, std::move(domain), std::move(key_folded),
                 [&api, &request, named = std::move(named), then = std::move(then)](
                     Result<std::shared_ptr<const PreparedLink>> link) mutable {
                     if (!link) return then(std::unexpected(std::move(link.error())));
                     if (*link) return check_host(api, request, std::move(*link), std::move(then));
                     then(fail(ErrorCode::NotFound,
                               fmt::format("Link not found for domain: {} and key: {}.",
                                           named.domain, named.key),
                               "link_not_found"));
                 });
}

}  // namespace hw
