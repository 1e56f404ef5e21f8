// SPDX-License-Identifier: Apache-2.0
// What one kind of background work does, as runner.hpp sees it.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "store/jobs.hpp"

namespace hw {

// How an attempt ended. `apply` and JobKind::give_up are the only ways to write: they run in the
// transaction that settles the job, so that both are done or neither.
struct JobOutcome {
    enum class Verdict : std::uint8_t {
        Done,    // `apply` is what there is to write
        Again,   // it may work later
        Snooze,  // not now, which is nobody's failure
        Never,   // it will not
    };
    Verdict verdict = Verdict::Done;
    std::string why{};                    // kept on the job; empty when Done
    std::function<void(Tx& tx)> apply{};  // may run more than once: only one run is kept
    std::int64_t after_ms = 0;            // Again: not before; Snooze: when

    static JobOutcome done(std::function<void(Tx& tx)> apply = {}) {
        return {.verdict = Verdict::Done, .why = {}, .apply = std::move(apply)};
    }
    static JobOutcome again(std::string why, std::int64_t after_ms = 0) {
        return {.verdict = Verdict::Again, .why = std::move(why), .after_ms = after_ms};
    }
    static JobOutcome snooze(std::int64_t after_ms, std::string why) {
        return {.verdict = Verdict::Snooze, .why = std::move(why), .after_ms = after_ms};
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

    // The wait before the next attempt, after that many; nothing: give up. kAsConfigured: what the
    // options of the runner say.
    static constexpr std::int64_t kAsConfigured = -1;
    virtual std::optional<std::int64_t> pause_ms(std::int64_t, Env&) { return kAsConfigured; }

    // What to write when the job is given up.
    virtual void give_up(Tx&, const Job&) {}
};

}  // namespace hw
