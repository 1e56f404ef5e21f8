// SPDX-License-Identifier: Apache-2.0
// /jobs and /job-destinations: the queue of background work as its owner sees it.
#pragma once

#include "api/call.hpp"

namespace hw::api {

Result<Work> list_jobs(const Call& call);
Result<Work> get_job(const Call& call);
Result<Work> retry_job(const Call& call);
Result<Work> retry_jobs(const Call& call);
Result<Work> discard_job(const Call& call);
Result<Work> list_job_destinations(const Call& call);
Result<Work> pause_job_destination(const Call& call);
Result<Work> resume_job_destination(const Call& call);

}  // namespace hw::api
