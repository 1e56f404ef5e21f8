// SPDX-License-Identifier: Apache-2.0
// What one kind of background work does, as runner.hpp sees it.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "store/jobs.hpp"

namespace hw {

// How an attempt ended. `apply` and JobKind::give_up are the only ways to write: they run in the
// transaction that settles the job, so that both are done or neither.
struct JobOutcome {
    enum class Verdict : std::uint8_t {
        Done,   // `apply` is what there is to write
        Again,  // it may work later
        Never,  // it will not
    };
    Verdict verdict = Verdict::Done;
    std::string why{};                    // kept on the job; empty when Done
    std::function<void(Tx& tx)> apply{};  // may run more than once: only one run is kept

    static JobOutcome done(std::function<void(Tx& tx)> apply = {}) {
        return {.verdict = Verdict::Done, .why = {}, .apply = std::move(apply)};
    }
    static JobOutcome again(std::string why) {
        return {.verdict = Verdict::Again, .why = std::move(why)};
    }
    static JobOutcome never(std::string why) {
        return {.verdict = Verdict::Never, .why = std::move(why)};
    }
};

class JobKind {
  public:
    virtual ~JobKind() = default;
    virtual std::string_view name() const = 0;  // Job::kind

    // The slow part: outside of any transaction, on several threads at once. May run again for the
    // same job, after a crash or a lost lease.
    virtual JobOutcome run(const Job& job) = 0;

    // What to write when the job is given up.
    virtual void give_up(Tx&, const Job&) {}
};

}  // namespace hw
