// SPDX-License-Identifier: Apache-2.0
// Conversions with the decision that holds for each now, in the order of their ids: for exports.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/attributions.hpp"
#include "store/conversions.hpp"
#include "store/events.hpp"

namespace hw {

struct ListedConversion {
    Conversion conversion;
    Attribution decision;  // without its candidates
    // Of the link, while it exists.
    std::optional<std::string> domain;
    std::optional<std::string> key;
};

// kind: "lead" or "purchase". Orphans too. From the oldest on, whatever the range says about order.
std::vector<ListedConversion> list_conversions(Tx& tx, std::string_view kind, const IdRange& range);

}  // namespace hw
