// SPDX-License-Identifier: Apache-2.0
// POST, PATCH and DELETE /links/bulk: many links in one transaction, each with an outcome of its
// own (reference: dub, 2.6).
#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/create_link.hpp"

namespace hw {

// One result per input. BadRequest names the links that stand there twice.
Result<std::vector<Result<LinkWithTotals>>> create_links(
    Tx& tx, std::span<const Result<CreateLink>> inputs);

struct UpdateLinks {
    std::vector<std::string> link_ids;      // or "ext_" and the external id
    std::vector<std::string> external_ids;  // with or without "ext_"
    LinkFields fields;
    KeyReserved key_reserved;
};

struct UpdatedLink {
    std::string link_id;
    Result<LinkWithTotals> outcome;
};

// Of the links that there are; unknown ids are passed over. An Error when none could be changed.
Result<std::vector<UpdatedLink>> update_links(Tx& tx, const UpdateLinks& input);

// How many are gone. Unknown ids and the links of bare domains are passed over.
std::int64_t delete_links(Tx& tx, const std::vector<std::string>& references);

}  // namespace hw
