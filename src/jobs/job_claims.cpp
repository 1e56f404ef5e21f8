// SPDX-License-Identifier: Apache-2.0
#include "jobs/job_claims.hpp"

#include <algorithm>
#include <iterator>
#include <set>

#include "base/limits.hpp"
#include "base/log.hpp"
#include "store/job_destinations.hpp"

namespace hw {
namespace {

constexpr std::size_t kWorkspacesPerLook = 64;
constexpr std::int64_t kRunningMax = 10'000;  // under leases of all nodes
constexpr std::size_t kLanesRememberedMax = 10'000;
constexpr std::int64_t kLanesAtOnce = 256;
constexpr int kLooksMax = 1'000;  // each passes many workspaces

// The first name that comes after it.
std::string behind(const std::string& name) {
    return name + '\x01';
}

}  // namespace

JobClaims::JobClaims(Db& db, const JobKinds& kinds, const JobRunnerOptions& options, HeldJobs& held,
                     SlewedClock& clock)
    : db_(db), options_(options), held_(held), clock_(clock) {
    for (const auto& kind : kinds) {
        if (kind->lease_ms() > 0) leases_ms_.emplace(kind->name(), kind->lease_ms());
    }
}

std::vector<Job> JobClaims::claim(std::size_t most) {
    std::set<std::string> passed;
    for (int looks = 0; looks < kLooksMax; ++looks) {
        const auto seen = look(most);
        const bool woken = wake(seen);
        auto jobs = claim_from(seen.candidates, most);
        if (!jobs.empty()) return jobs;
        if (woken) continue;
        // Nobody here had anything for us; behind them somebody may have, once around.
        const bool all = seen.workspaces.size() < kWorkspacesPerLook;
        if (all || !passed.insert(seen.workspaces.front()).second) return {};
        served_last_ = seen.workspaces.back();
    }
    return {};
}

std::vector<Job> JobClaims::claim_from(const std::vector<Candidate>& candidates, std::size_t most) {
    std::vector<Job> jobs;
    for (const auto& candidate : candidates) {
        if (jobs.size() >= most) break;
        auto claimed = claim_from(candidate, most - jobs.size());
        std::ranges::move(claimed, std::back_inserter(jobs));
        served_last_ = candidate.workspace_id;
    }
    return jobs;
}

JobClaims::Look JobClaims::look(std::size_t most) {
    const auto now_ms = clock_.now_ms();
    auto seen = db_.read_now<Look>(std::string(kOperator), [&](Tx& tx) -> Result<Look> {
        Look found;
        found.due = list_due_jobs(tx, now_ms, limits::kJobsDueAtOnce);
        found.lost = list_running_jobs(tx, kRunningMax);
        found.workspaces = next_workspaces(tx);
        std::size_t lanes = 0;
        for (const auto& workspace_id : found.workspaces) {
            if (lanes >= most) break;
            auto open = open_lanes(tx, workspace_id, most);
            if (open.empty()) continue;
            lanes += open.size();
            found.candidates.push_back({workspace_id, std::move(open)});
        }
        return found;
    });
    if (!seen) return {};
    std::erase_if(seen->lost, [&](const RunningJob& job) { return held_.holds(job); });
    seen->lost = watch_.find_lost(seen->lost, clock_.steady_ms());
    return std::move(*seen);
}

// Those with ready jobs, beginning behind the one that was served last.
std::vector<std::string> JobClaims::next_workspaces(Tx& tx) const {
    auto names = workspaces_with_ready_jobs(tx, served_last_, kWorkspacesPerLook);
    if (served_last_.empty() || names.size() == kWorkspacesPerLook) return names;
    auto first = workspaces_with_ready_jobs(tx, "", kWorkspacesPerLook - names.size());
    std::erase_if(first, [&](const auto& name) { return name > served_last_; });
    std::ranges::move(first, std::back_inserter(names));
    return names;
}

// Beginning behind the lane that was served last, and around. Those that this node has no room for
// are passed, however many they are: others stand behind them.
std::vector<JobLane> JobClaims::open_lanes(Tx& tx, const std::string& workspace_id,
                                           std::size_t most) const {
    const auto room = held_.room(workspace_id);
    if (room.jobs == 0) return {};
    const auto now_ms = clock_.now_ms();
    const auto served = lane_served_last_.find(workspace_id);
    const auto start = served == lane_served_last_.end() ? "" : behind(served->second);
    std::vector<JobLane> open;
    auto from = start;
    bool around = start.empty();
    for (;;) {
        const auto lanes = list_job_lanes(tx, workspace_id, from, now_ms, kLanesAtOnce);
        for (const auto& lane : lanes) {
            if (open.size() >= most) return open;
            if (around && !start.empty() && lane.destination >= start) return open;
            const auto own = held_.room(workspace_id, lane);
            if (own.jobs > 0 && (own.trusted || room.untrusted > 0)) open.push_back(lane);
        }
        const bool more = std::ssize(lanes) == kLanesAtOnce;
        if (!more && around) return open;
        around = around || !more;
        from = more ? behind(lanes.back().destination) : "";
    }
}

// What waited for its time, and what was left behind, can be claimed again. False: nothing did.
bool JobClaims::wake(const Look& seen) {
    if (seen.due.empty() && seen.lost.empty()) return false;
    const auto woken = db_.write_now<bool>(std::string(kOperator), [&](Tx& tx) -> Result<bool> {
        make_ready(tx, seen.due);
        for (const auto& job : seen.lost) take_lease_away(tx, job);
        return true;
    });
    for (const auto& job : seen.lost) {
        log(LogLevel::Warn, "job_taken_over",
            {{"job", job.job_id}, {"workspace", job.workspace_id}});
    }
    return woken.has_value();
}

std::vector<Job> JobClaims::claim_from(const Candidate& candidate, std::size_t most) {
    auto claimed = db_.write_now<std::vector<Job>>(
        candidate.workspace_id,
        [&](Tx& tx) -> Result<std::vector<Job>> { return claim_in(tx, candidate, most); });
    if (!claimed || claimed->empty()) return {};
    for (const auto& job : *claimed) held_.add(job);
    if (lane_served_last_.size() >= kLanesRememberedMax) lane_served_last_.clear();
    lane_served_last_[candidate.workspace_id] = claimed->back().destination;
    return std::move(*claimed);
}

std::vector<Job> JobClaims::claim_in(Tx& tx, const Candidate& candidate, std::size_t most) {
    std::vector<Job> jobs;
    const auto lease = tx.new_id("lease_");
    auto room = held_.room(candidate.workspace_id);
    room.jobs = std::min(room.jobs, most);
    for (const auto& lane : candidate.lanes) {
        const auto own = held_.room(candidate.workspace_id, lane);
        const auto wanted =
            std::min({own.jobs, room.jobs, own.trusted ? room.jobs : room.untrusted});
        if (wanted == 0 || !may_try(tx, candidate, lane)) continue;
        auto claimed = claim_jobs(tx, {.workspace_id = candidate.workspace_id,
                                       .destination = lane.destination,
                                       .lease = lease,
                                       .lease_ms = options_.lease_ms,
                                       .limit = static_cast<std::int64_t>(wanted)});
        room.jobs -= claimed.size();
        if (!own.trusted) room.untrusted -= claimed.size();
        for (auto& job : claimed) {
            const auto lease_of_kind = leases_ms_.find(job.kind);
            if (lease_of_kind != leases_ms_.end()) set_lease(tx, job, lease_of_kind->second);
            jobs.push_back(std::move(job));
        }
    }
    return jobs;
}

// A destination that was let alone is tried by one job of one node.
bool JobClaims::may_try(Tx& tx, const Candidate& candidate, const JobLane& lane) {
    if (lane.open_until_ms == 0) return true;
    return take_destination_probe(tx, candidate.workspace_id, lane.destination, lane.open_until_ms,
                                  clock_.now_ms() + options_.lease_ms);
}

void JobClaims::extend_leases() {
    const auto jobs = held_.all();
    if (jobs.empty()) return;
    db_.write_now<bool>(std::string(kOperator), [&](Tx& tx) -> Result<bool> {
        for (const auto& job : jobs) extend_lease(tx, job);
        return true;
    });
}

}  // namespace hw
