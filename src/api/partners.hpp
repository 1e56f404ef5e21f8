// SPDX-License-Identifier: Apache-2.0
// /partners and /partners/links: who takes part in the programme, and the links they share.
#pragma once

#include "api/call.hpp"

namespace hw::api {

Result<Work> list_partners(const Call& call);
Result<Work> create_partner(const Call& call);

Result<Work> list_partner_links(const Call& call);
Result<Work> create_partner_link(const Call& call);
Result<Work> upsert_partner_link(const Call& call);

}  // namespace hw::api
