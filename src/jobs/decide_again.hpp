// SPDX-License-Identifier: Apache-2.0
// The job that goes on where core/decide_again.hpp stopped.
#pragma once

#include "jobs/job_kind.hpp"

namespace hw {

class DecideAgain final : public JobKind {
  public:
    std::string_view name() const override;
    JobOutcome run(const Job& job) override;
};

}  // namespace hw
