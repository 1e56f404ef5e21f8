// SPDX-License-Identifier: Apache-2.0
#include "jobs/held_jobs.hpp"

#include <algorithm>

#include "base/limits.hpp"

namespace hw {
namespace {

template <class Key>
std::size_t count_of(const std::map<Key, std::size_t>& counts, const Key& key) {
    const auto found = counts.find(key);
    return found == counts.end() ? 0 : found->second;
}

template <class Key>
void take_one(std::map<Key, std::size_t>& counts, const Key& key) {
    const auto found = counts.find(key);
    if (found != counts.end() && --found->second == 0) counts.erase(found);
}

std::size_t left(std::size_t limit, std::size_t taken) {
    return limit > taken ? limit - taken : 0;
}

}  // namespace

// Jobs that depend on nobody in particular are trusted until one was slow.
bool HeldJobs::is_trusted(const Place& place) const {
    const auto known = was_quick_.find(place);
    return known == was_quick_.end() ? place.second.empty() : known->second;
}

std::size_t HeldJobs::untrusted() const {
    std::size_t count = 0;
    for (const auto& [place, jobs] : places_) count += is_trusted(place) ? 0 : jobs;
    return count;
}

std::size_t HeldJobs::idle() const {
    const std::scoped_lock lock(mutex_);
    return left(options_.threads, jobs_.size());
}

HeldJobs::Room HeldJobs::room(const std::string& workspace_id) const {
    const std::scoped_lock lock(mutex_);
    const auto half = std::max<std::size_t>(1, options_.threads / 2);
    return {std::min(left(options_.threads, jobs_.size()),
                     left(options_.jobs_per_workspace, count_of(workspaces_, workspace_id))),
            left(half, untrusted())};
}

HeldJobs::LaneRoom HeldJobs::room(const std::string& workspace_id, const JobLane& lane) const {
    const std::scoped_lock lock(mutex_);
    const Place place{workspace_id, lane.destination};
    const bool trusted = is_trusted(place);
    if (lane.destination.empty()) return {options_.threads, trusted};
    const auto most = lane.open_until_ms > 0 ? 1 : options_.jobs_per_destination;
    return {left(most, count_of(places_, place)), trusted};
}

void HeldJobs::add(const Job& job) {
    const std::scoped_lock lock(mutex_);
    auto kept = job;
    kept.payload.clear();
    jobs_.insert_or_assign({job.workspace_id, job.job_id}, std::move(kept));
    ++workspaces_[job.workspace_id];
    ++places_[{job.workspace_id, job.destination}];
}

void HeldJobs::note_attempt(const Job& job, std::int64_t took_ms) {
    const std::scoped_lock lock(mutex_);
    if (was_quick_.size() >= limits::kJobDestinationsKnownMax) was_quick_.clear();
    was_quick_[{job.workspace_id, job.destination}] = took_ms < options_.slow_ms;
}

void HeldJobs::remove(const Job& job) {
    const std::scoped_lock lock(mutex_);
    if (jobs_.erase({job.workspace_id, job.job_id}) == 0) return;
    take_one(workspaces_, job.workspace_id);
    take_one(places_, {job.workspace_id, job.destination});
}

std::vector<Job> HeldJobs::all() const {
    const std::scoped_lock lock(mutex_);
    std::vector<Job> jobs;
    for (const auto& [id, job] : jobs_) jobs.push_back(job);
    return jobs;
}

bool HeldJobs::holds(const RunningJob& job) const {
    const std::scoped_lock lock(mutex_);
    const auto found = jobs_.find({job.workspace_id, job.job_id});
    return found != jobs_.end() && found->second.lease == job.lease;
}

}  // namespace hw
