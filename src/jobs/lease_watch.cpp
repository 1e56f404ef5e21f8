// SPDX-License-Identifier: Apache-2.0
#include "jobs/lease_watch.hpp"

namespace hw {

std::vector<RunningJob> LeaseWatch::find_lost(const std::vector<RunningJob>& running,
                                              std::int64_t steady_ms) {
    std::map<Key, Seen> seen;
    std::vector<RunningJob> lost;
    for (const auto& job : running) {
        Key key{job.workspace_id, job.job_id};
        Seen now{job.lease, job.beat, steady_ms};
        const auto before = seen_.find(key);
        const bool silent = before != seen_.end() && before->second.lease == job.lease &&
                            before->second.beat == job.beat;
        if (silent) now.since_ms = before->second.since_ms;
        if (steady_ms - now.since_ms >= job.lease_ms) lost.push_back(job);
        seen.emplace(std::move(key), std::move(now));
    }
    seen_ = std::move(seen);
    return lost;
}

}  // namespace hw
