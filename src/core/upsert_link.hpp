// SPDX-License-Identifier: Apache-2.0
// PUT /links/upsert: the link to that URL, changed when there is one and made when there is none.
#pragma once

#include "core/create_link.hpp"

namespace hw {

Result<LinkWithTotals> upsert_link(Tx& tx, const CreateLink& input);

}  // namespace hw
