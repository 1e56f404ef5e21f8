// SPDX-License-Identifier: Apache-2.0
// The job that an event leaves behind for each endpoint that subscribed to it: one POST, signed,
// made again on the schedule of Standard Webhooks until it is answered with 2xx.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/http_client.hpp"
#include "jobs/job_kind.hpp"
#include "store/db.hpp"

namespace hw {

// Job: subject = event id, payload = the endpoint and the delivery (store/outbox.hpp).
class DeliverWebhook final : public JobKind {
  public:
    DeliverWebhook(Db& db, HttpClient& http) : db_(db), http_(http) {}

    std::string_view name() const override;
    JobOutcome run(const Job& job) override;
    std::optional<std::int64_t> pause_ms(std::int64_t attempts, Env& env) override;
    void give_up(Tx& tx, const Job& job) override;

  private:
    struct Ready;
    JobOutcome send(const Job& job, const Ready& ready);

    Db& db_;
    HttpClient& http_;
};

}  // namespace hw
