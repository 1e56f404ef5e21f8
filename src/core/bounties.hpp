// SPDX-License-Identifier: Apache-2.0
// The use cases of /bounties.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "store/bounties.hpp"
#include "store/tx.hpp"

namespace hw {

// What a call names; an outer optional that is empty leaves the field as it is.
struct BountyFields {
    std::optional<std::string> program_id{};  // of a new one; the workspace's first by default
    std::optional<std::string> name{};
    std::optional<std::optional<std::string>> description{};
    std::optional<std::string> kind{};  // of a new one: submission (default) or performance
    std::optional<std::optional<std::int64_t>> reward_amount{};
    std::optional<std::vector<std::string>> group_ids{};
    std::optional<std::int64_t> submissions_max{};
    std::optional<std::int64_t> starts_at_ms{};
    std::optional<std::optional<std::int64_t>> ends_at_ms{};
    std::optional<bool> archived{};
};

Result<Bounty> create_bounty(Tx& tx, const BountyFields& fields);
Result<Bounty> change_bounty(Tx& tx, std::string_view bounty_id, const BountyFields& fields);

// Gives the id. Refused with 409 while there are submissions, or workflows that award it.
Result<std::string> remove_bounty(Tx& tx, std::string_view bounty_id);

}  // namespace hw
