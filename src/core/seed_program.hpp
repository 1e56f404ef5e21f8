// SPDX-License-Identifier: Apache-2.0
// Partner programmes of a seed file: programmes, groups, rewards, discounts, partners, and what
// they earned and were paid. Seeding the same again changes nothing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "store/commissions.hpp"
#include "store/discounts.hpp"
#include "store/partners.hpp"
#include "store/payouts.hpp"
#include "store/programs.hpp"
#include "store/rewards.hpp"
#include "store/workspaces.hpp"

namespace hw {

struct SeedTally {
    std::int64_t made = 0;
    std::int64_t kept = 0;  // were there already
};

struct SeedPartner {
    Partner partner;
    Enrollment enrollment;  // an empty group: "default"
};

// One without a conversion. Its status is reached by the books: by its age, a review or a payout.
struct SeedCommission {
    Commission commission;
    std::string status;
    std::optional<std::int64_t> paid_at_ms;
};

struct SeedPayout {
    Payout payout;  // the amount is that of its commissions
    std::vector<std::string> commission_ids;
    std::string status;
    std::optional<std::int64_t> paid_at_ms;
};

// Ids are needed where nothing else is known to all: rewards, discounts, commissions, payouts. An
// empty programme is the workspace's first.
struct SeedProgramme {
    std::vector<Program> programs;
    std::vector<PartnerGroup> groups;
    std::vector<Reward> rewards;
    std::vector<Discount> discounts;
    std::vector<SeedPartner> partners;
    std::vector<SeedCommission> commissions;
    std::vector<SeedPayout> payouts;
};

struct SeedProgrammeCounts {
    SeedTally programs;
    SeedTally groups;
    SeedTally rewards;
    SeedTally discounts;
    SeedTally partners;
    SeedTally commissions;
    SeedTally payouts;
};

// `path` is the place of the workspace in the file. The error names the place and the fix.
Result<void> normalize_programme(const std::string& path, SeedProgramme& seed);

// Before the links, which name partners.
Result<void> seed_partners(Tx& tx, const std::string& path, const Workspace& workspace,
                           const SeedProgramme& seed, SeedProgrammeCounts& counts);
// After the links and customers, which they name.
Result<void> seed_earnings(Tx& tx, const std::string& path, const Workspace& workspace,
                           const SeedProgramme& seed, SeedProgrammeCounts& counts);

}  // namespace hw
