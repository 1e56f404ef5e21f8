// SPDX-License-Identifier: Apache-2.0
#include "store/job_destinations.hpp"

#include <fmt/format.h>

namespace hw {
namespace {

constexpr auto kColumns =
    "workspace_id, destination, paused, paused_reason, failures, open_until_ms, last_error, "
    "updated_at_ms";

const Query kAddFailure{"add_destination_failure", R"sql(
insert into job_destinations (workspace_id, destination, paused, paused_reason, failures,
    open_until_ms, last_error, updated_at_ms)
values ($1, $2, 0, '', 1, 0, $3, $4)
on conflict (workspace_id, destination) do update set failures = job_destinations.failures + 1,
    last_error = excluded.last_error, updated_at_ms = excluded.updated_at_ms
returning failures
)sql"};

const Query kBreakOff{"break_off_destination", R"sql(
update job_destinations set open_until_ms = $3 where workspace_id = $1 and destination = $2
)sql"};

const Query kForgive{"forgive_destination", R"sql(
update job_destinations set failures = 0, open_until_ms = 0, updated_at_ms = $3
where workspace_id = $1 and destination = $2 and failures > 0
)sql"};

const Query kTakeProbe{"take_destination_probe", R"sql(
update job_destinations set open_until_ms = $4
where workspace_id = $1 and destination = $2 and open_until_ms = $3 and paused = 0 returning 1
)sql"};

const Query kPause{"pause_destination", fmt::format(R"sql(
insert into job_destinations (workspace_id, destination, paused, paused_reason, failures,
    open_until_ms, last_error, updated_at_ms)
values ($1, $2, 1, $3, 0, 0, '', $4)
on conflict (workspace_id, destination) do update set paused = 1,
    paused_reason = excluded.paused_reason, updated_at_ms = excluded.updated_at_ms
returning {}
)sql",
                                                    kColumns)};

const Query kResume{"resume_destination", fmt::format(R"sql(
update job_destinations set paused = 0, paused_reason = '', failures = 0, open_until_ms = 0,
    last_error = '', updated_at_ms = $3
where workspace_id = $1 and destination = $2 and (paused = 1 or failures > 0) returning {}
)sql",
                                                      kColumns)};

const Query kFind{"find_job_destination", fmt::format(R"sql(
select {} from job_destinations where workspace_id = $1 and destination = $2
)sql",
                                                      kColumns)};

const Query kList{"list_job_destinations", fmt::format(R"sql(
select {} from job_destinations
where workspace_id = $1 and destination > $2 and (paused = 1 or failures > 0)
order by destination limit $3
)sql",
                                                       kColumns)};

JobDestination destination_from(const Row& row) {
    return {.workspace_id = row.text(0),
            .destination = row.text(1),
            .paused = row.boolean(2),
            .paused_reason = row.text(3),
            .failures = row.int64(4),
            .open_until_ms = row.int64(5),
            .last_error = row.text(6),
            .updated_at_ms = row.int64(7)};
}

}  // namespace

std::int64_t add_destination_failure(Tx& tx, std::string_view workspace_id,
                                     std::string_view destination, std::string_view error) {
    return tx
        .first(
            kAddFailure, [](const Row& row) { return row.int64(0); }, workspace_id, destination,
            error, tx.now_ms())
        .value_or(0);
}

void break_off_destination(Tx& tx, std::string_view workspace_id, std::string_view destination,
                           std::int64_t until_ms) {
    tx.exec(kBreakOff, workspace_id, destination, until_ms);
}

void forgive_destination(Tx& tx, std::string_view workspace_id, std::string_view destination) {
    tx.exec(kForgive, workspace_id, destination, tx.now_ms());
}

bool take_destination_probe(Tx& tx, std::string_view workspace_id, std::string_view destination,
                            std::int64_t open_until_ms, std::int64_t until_ms) {
    return tx.any(kTakeProbe, workspace_id, destination, open_until_ms, until_ms);
}

JobDestination pause_destination(Tx& tx, std::string_view workspace_id,
                                 std::string_view destination, std::string_view reason) {
    return *tx.first(kPause, destination_from, workspace_id, destination, reason, tx.now_ms());
}

std::optional<JobDestination> resume_destination(Tx& tx, std::string_view workspace_id,
                                                 std::string_view destination) {
    return tx.first(kResume, destination_from, workspace_id, destination, tx.now_ms());
}

std::optional<JobDestination> find_destination(Tx& tx, std::string_view workspace_id,
                                               std::string_view destination) {
    return tx.first(kFind, destination_from, workspace_id, destination);
}

std::vector<JobDestination> list_destinations(Tx& tx, std::string_view workspace_id,
                                              std::string_view after, std::int64_t limit) {
    return tx.all(kList, destination_from, workspace_id, after, limit);
}

}  // namespace hw
