// SPDX-License-Identifier: Apache-2.0
// Whom jobs depend on: paused by a person, or let alone after failures in a row.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/tx.hpp"

namespace hw {

struct JobDestination {
    std::string workspace_id;
    std::string destination;
    bool paused = false;
    std::string paused_reason{};
    std::int64_t failures = 0;       // in a row
    std::int64_t open_until_ms = 0;  // let alone until then; 0: not
    std::string last_error{};
    std::int64_t updated_at_ms = 0;
};

// Counts one more failure in a row and gives how many these are.
std::int64_t add_destination_failure(Tx& tx, std::string_view workspace_id,
                                     std::string_view destination, std::string_view error);

// Nothing of it is attempted until then.
void break_off_destination(Tx& tx, std::string_view workspace_id, std::string_view destination,
                           std::int64_t until_ms);

// It answered: whatever was counted against it is forgotten.
void forgive_destination(Tx& tx, std::string_view workspace_id, std::string_view destination);

// Whether the caller may try if it is well again: one of all nodes may, until then.
bool take_destination_probe(Tx& tx, std::string_view workspace_id, std::string_view destination,
                            std::int64_t open_until_ms, std::int64_t until_ms);

JobDestination pause_destination(Tx& tx, std::string_view workspace_id,
                                 std::string_view destination, std::string_view reason);
// Also forgives it, so that it is tried at once. Nothing when it was neither paused nor failing.
std::optional<JobDestination> resume_destination(Tx& tx, std::string_view workspace_id,
                                                 std::string_view destination);

std::optional<JobDestination> find_destination(Tx& tx, std::string_view workspace_id,
                                               std::string_view destination);

// Those that are paused or failing, behind `after`, in the order of their names.
std::vector<JobDestination> list_destinations(Tx& tx, std::string_view workspace_id,
                                              std::string_view after, std::int64_t limit);

}  // namespace hw
