// SPDX-License-Identifier: Apache-2.0
// The use cases of /tags (reference: dub, 2.13).
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "store/tags.hpp"
#include "store/tx.hpp"

namespace hw {

inline constexpr std::array<std::string_view, 8> kTagColors = {"red",    "yellow", "green", "blue",
                                                               "purple", "brown",  "gray",  "pink"};

struct TagFields {
    std::optional<std::string> name;
    std::optional<std::string> color;  // one of kTagColors; a new tag without one gets any
};

Result<Tag> create_tag(Tx& tx, const TagFields& fields);
Result<Tag> update_tag(Tx& tx, std::string_view tag_id, const TagFields& fields);

// Gives the id. The links lose the tag in the same transaction.
Result<std::string> delete_tag(Tx& tx, std::string_view tag_id);

}  // namespace hw
