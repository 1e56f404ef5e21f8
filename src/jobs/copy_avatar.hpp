// SPDX-License-Identifier: Apache-2.0
// The job that a customer with a picture leaves behind: a small copy of the picture, kept here, so
// that the merchant's URL may vanish and no browser of ours calls strangers.
#pragma once

#include <mutex>
#include <string>

#include "base/http_client.hpp"
#include "jobs/job_kind.hpp"

namespace hw {

// Job: subject = customer id, payload = the picture's URL. The customer ends up with the address of
// our copy, or with no picture at all.
class CopyAvatar final : public JobKind {
  public:
    CopyAvatar(HttpClient& http, std::string public_url);

    std::string_view name() const override;
    JobOutcome run(const Job& job) override;
    void give_up(Tx& tx, const Job& job) override;

  private:
    HttpClient& http_;
    std::string public_url_;
    std::mutex decoding_;  // one picture at a time: each may need 64 MiB
};

}  // namespace hw
