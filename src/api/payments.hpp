// SPDX-License-Identifier: Apache-2.0
// What becomes of a payment after it was told: POST /refunds, POST /disputes, and
// POST /conversions/{id}/attribution, which gives it to another link.
#pragma once

#include "api/call.hpp"

namespace hw::api {

Result<Work> record_refund(const Call& call);
Result<Work> record_dispute(const Call& call);
Result<Work> reattribute_conversion(const Call& call);

}  // namespace hw::api
