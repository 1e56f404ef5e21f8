// SPDX-License-Identifier: Apache-2.0
#include "jobs/decide_again.hpp"

#include "core/decide_again.hpp"

namespace hw {

std::string_view DecideAgain::name() const {
    return kDecideAgainJob;
}

JobOutcome DecideAgain::run(const Job& job) {
    return JobOutcome::done([subject = job.subject_id, payload = job.payload](Tx& tx) {
        go_on_deciding(tx, subject, payload);
    });
}

}  // namespace hw
