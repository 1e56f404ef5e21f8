// SPDX-License-Identifier: Apache-2.0
#include "jobs/process_inbox.hpp"

#include <fmt/format.h>

#include "base/civil_time.hpp"
#include "base/fault.hpp"
#include "core/process_inbox.hpp"
#include "store/inbox.hpp"
#include "store/payment_connections.hpp"

namespace hw {
namespace {

constexpr Backoff kPauses{.attempts_max = 8, .first_ms = 10 * kSecondMs, .most_ms = 6 * kHourMs};
constexpr std::int64_t kDatabasePauseMs = 5 * kSecondMs;

JobOutcome dead(const Job& job, std::string why) {
    return JobOutcome::never(why).with(
        [inbox_id = job.subject_id, why](Tx& tx) { settle_inbox(tx, inbox_id, "dead", why); });
}

// Sandboxes of some processors deliver what looks like live money.
bool is_of_test_connection(Tx& tx, std::string_view connection_id) {
    const auto connection = find_payment_connection(tx, connection_id);
    return connection && connection->mode == "test";
}

}  // namespace

std::string_view ProcessInbox::name() const {
    return kProcessInboxJob;
}

JobOutcome ProcessInbox::run(const Job& job) {
    using Found = std::optional<InboxRow>;
    bool test = false;
    const auto row = db_.read_now<Found>(job.workspace_id, [&](Tx& tx) -> Result<Found> {
        auto found = find_inbox(tx, job.subject_id);
        test = found && is_of_test_connection(tx, found->connection_id);
        return found;
    });
    if (!row) return JobOutcome::snooze(kDatabasePauseMs, row.error().message);
    // What was processed is processed again where a payment had to wait: told twice, facts change
    // nothing.
    if (!*row || (*row)->state == "ignored") return JobOutcome::done();
    const auto* provider = find_provider(providers_, job.payload);
    if (provider == nullptr) {
        return dead(job, fmt::format("nobody here reads deliveries of \"{}\"", job.payload));
    }
    auto facts = provider->read_facts({(*row)->body, (*row)->headers, (*row)->received_at_ms});
    if (!facts) return dead(job, facts.error().message);
    for (auto& fact : *facts) fact.test = fact.test || test;
    return JobOutcome::done([job, facts = std::move(*facts)](Tx& tx) {
        const auto processed = process_inbox(tx, job.payload, job.subject_id, facts);
        if (!processed) throw Fault(FaultKind::Bug, processed.error().message);
    });
}

std::optional<std::int64_t> ProcessInbox::pause_ms(std::int64_t attempts, Env& env) {
    if (attempts >= kPauses.attempts_max) return std::nullopt;
    return backoff_ms(kPauses, attempts, env);
}

void ProcessInbox::give_up(Tx& tx, const Job& job) {
    settle_inbox(tx, job.subject_id, "dead", "its job was given up: see the error there");
}

}  // namespace hw
