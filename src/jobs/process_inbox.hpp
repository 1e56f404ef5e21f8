// SPDX-License-Identifier: Apache-2.0
// The job that every delivery of a payment processor leaves behind: reads what it says and makes
// the books follow. What cannot be read is dead with its reason, and its bytes stay.
#pragma once

#include "core/payment_provider.hpp"
#include "jobs/job_kind.hpp"
#include "store/db.hpp"

namespace hw {

// Job: subject = inbox id, payload = the provider's name.
class ProcessInbox final : public JobKind {
  public:
    ProcessInbox(Db& db, PaymentProviders providers) : db_(db), providers_(std::move(providers)) {}

    std::string_view name() const override;
    JobOutcome run(const Job& job) override;
    std::optional<std::int64_t> pause_ms(std::int64_t attempts, Env& env) override;
    void give_up(Tx& tx, const Job& job) override;

  private:
    Db& db_;
    PaymentProviders providers_;
};

}  // namespace hw
