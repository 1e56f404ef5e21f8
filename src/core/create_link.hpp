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

Result<Link> create_link(Tx& tx, const CreateLink& input);

}  // namespace hw
