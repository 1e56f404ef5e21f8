// SPDX-License-Identifier: Apache-2.0
// Does what workflows are for: after an event, and as days go by, to partners who meet their
// conditions, once for each workflow, partner and what it is about.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "store/links.hpp"
#include "store/tx.hpp"

namespace hw {

struct WorkflowEvent {
    std::string_view trigger;  // partnerEnrolled, leadRecorded, saleRecorded, commissionRecorded
    std::string_view program_id;
    std::string_view partner_id;
};

// In the transaction of the fact, after it was counted. Gives how many workflows did something.
std::int64_t run_workflows(Tx& tx, const WorkflowEvent& event);

// The same for the partner of a link; nothing for a link of nobody.
void run_workflows_of_link(Tx& tx, std::string_view trigger, const Link& link);

// The scheduled ones, for at most `limit` partners. `after` is where the last call ended ("" at
// first), and the same is given back: empty when there is nothing more to look at.
std::string run_scheduled_workflows(Tx& tx, std::string_view after, std::int64_t limit);

}  // namespace hw
