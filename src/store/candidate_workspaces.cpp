// SPDX-License-Identifier: Apache-2.0
#include "store/candidate_workspaces.hpp"

#include "base/url.hpp"

namespace hw {
namespace {

const Query kListOldest{"list_oldest_workspaces",
                        "select workspace_id from workspaces order by workspace_id limit $1"};

const Query kFirstSecret{"first_payment_secret", R"sql(
select workspace_id from payment_secrets order by created_at_ms, secret_hash limit 1
)sql"};

const Query kProgramsOfUrl{"list_programs_of_url", R"sql(
select workspace_id, url from programs where url >= $1 and url < $2 order by url limit $3
)sql"};

constexpr auto kText = [](const Row& row) { return row.text(0); };

}  // namespace

std::vector<std::string> list_oldest_workspaces(Tx& tx, std::int64_t limit) {
    return tx.all(kListOldest, kText, limit);
}

std::optional<std::string> first_workspace_with_payment_secret(Tx& tx) {
    return tx.first(kFirstSecret, kText);
}

std::optional<std::string> find_program_workspace(Tx& tx, std::string_view host) {
    constexpr std::int64_t kLookedAt = 20;  // hosts that begin like this one stand among them
    for (const std::string_view start : {"https://", "https://www.", "http://", "http://www."}) {
        const auto from = std::string(start).append(host);
        const auto to = from + "~";
        std::optional<std::string> found;
        tx.each(
            kProgramsOfUrl,
            [&](const Row& row) {
                if (!found && host_of(row.view(1)) == host_of(from)) found = row.text(0);
            },
            from, to, kLookedAt);
        if (found) return found;
    }
    return std::nullopt;
}

}  // namespace hw
