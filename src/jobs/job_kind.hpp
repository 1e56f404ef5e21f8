// SPDX-License-Identifier: Apache-2.0
// What one kind of background work does, as runner.hpp sees it.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/env.hpp"
#include "store/jobs.hpp"

namespace hw {

// How an attempt ended. `apply` and JobKind::give_up are the only ways to write: they run in the
// transaction that settles the job, so that both are done or neither.
struct JobOutcome {
    enum class Verdict : std::uint8_t {
        Done,
        Again,   // it may work later
        Snooze,  // it was too early: no attempt
        Never,   // it will not work
    };
    Verdict verdict = Verdict::Done;
    std::string why{};                    // kept on the job; empty when Done
    std::function<void(Tx& tx)> apply{};  // may run more than once: only one run is kept
    std::int64_t after_ms = 0;            // Again: not before that. Snooze: then
    bool blames_destination = false;      // Again: one more failure of the job's destination

    static JobOutcome done(std::function<void(Tx& tx)> apply = {}) {
        return {.verdict = Verdict::Done, .apply = std::move(apply)};
    }
    static JobOutcome again(std::string why, std::int64_t after_ms = 0,
                            bool blames_destination = true) {
        return {.verdict = Verdict::Again,
                .why = std::move(why),
                .after_ms = after_ms,
                .blames_destination = blames_destination};
    }
    static JobOutcome snooze(std::int64_t after_ms, std::string why) {
        return {.verdict = Verdict::Snooze, .why = std::move(why), .after_ms = after_ms};
    }
    static JobOutcome never(std::string why) {
        return {.verdict = Verdict::Never, .why = std::move(why)};
    }

    // The same with something to write, whatever the verdict.
    JobOutcome with(std::function<void(Tx& tx)> writes) && {
        apply = std::move(writes);
        return std::move(*this);
    }
};

struct Backoff {
    std::int64_t attempts_max = 6;
    std::int64_t first_ms = 15'000;  // doubles with every attempt
    std::int64_t most_ms = 3'600'000;
};

// How long to wait before the attempt after `attempts`: by chance, up to a bound that doubles, so
// that what failed together does not come back together.
std::int64_t backoff_ms(const Backoff& backoff, std::int64_t attempts, Env& env);

class JobKind {
  public:
    virtual ~JobKind() = default;
    virtual std::string_view name() const = 0;  // Job::kind

    // The slow part: outside of any transaction, on several threads at once. May run again for the
    // same job, after a crash or a lost lease.
    virtual JobOutcome run(const Job& job) = 0;

    // What to write when the job is given up.
    virtual void give_up(Tx&, const Job&) {}

    // The wait before the attempt after `attempts`; nothing: give up. By default the runner's.
    virtual std::optional<std::int64_t> pause_ms(std::int64_t attempts, Env& env);

    // How long others wait for a sign of life before they take the job over; 0: the runner's. The
    // runner gives signs while an attempt takes its time.
    virtual std::int64_t lease_ms() { return 0; }

    void set_backoff(const Backoff& backoff) { backoff_ = backoff; }

  private:
    Backoff backoff_;
};

using JobKinds = std::vector<std::unique_ptr<JobKind>>;

}  // namespace hw
