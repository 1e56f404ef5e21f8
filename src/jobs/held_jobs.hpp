// SPDX-License-Identifier: Apache-2.0
// The jobs that this node holds, and how many more of each workspace and destination it may take.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "jobs/runner_options.hpp"
#include "store/jobs.hpp"

namespace hw {

class HeldJobs {
  public:
    explicit HeldJobs(const JobRunnerOptions& options) : options_(options) {}

    std::size_t idle() const;  // threads

    // How many more jobs may be taken: of a workspace, and of all its destinations that are not
    // trusted together.
    struct Room {
        std::size_t jobs = 0;
        std::size_t untrusted = 0;
    };
    Room room(const std::string& workspace_id) const;

    // Of one lane by itself. Those that count for the second bound are told apart.
    struct LaneRoom {
        std::size_t jobs = 0;
        bool trusted = false;
    };
    LaneRoom room(const std::string& workspace_id, const JobLane& lane) const;

    void add(const Job& job);
    // Its attempt has ended after so long; the job is still held.
    void note_attempt(const Job& job, std::int64_t took_ms);
    void remove(const Job& job);

    std::vector<Job> all() const;  // without their payloads
    bool holds(const RunningJob& job) const;

  private:
    using Place = std::pair<std::string, std::string>;  // workspace and destination

    bool is_trusted(const Place& place) const;
    std::size_t untrusted() const;

    const JobRunnerOptions& options_;
    mutable std::mutex mutex_;
    std::map<Place, Job> jobs_;  // by workspace and id
    std::map<std::string, std::size_t> workspaces_;
    std::map<Place, std::size_t> places_;
    std::map<Place, bool> was_quick_;  // whether the last attempt was
};

}  // namespace hw
