// SPDX-License-Identifier: Apache-2.0
// POST /links: a new short link.
#pragma once

#include <cstdint>
#include <string>

#include "base/limits.hpp"
#include "core/link_fields.hpp"

namespace hw {

struct CreateLink {
    LinkFields fields;
    // Of the random key, for a link without a key of its own.
    std::int64_t key_length = limits::kRandomKeyLength;
    std::string prefix;
    KeyReserved key_reserved;
};

// Everything is checked before the first write, so that a refusal leaves nothing behind and others
// may go on in the same transaction.
Result<LinkWithTotals> create_link(Tx& tx, const CreateLink& input);

}  // namespace hw
