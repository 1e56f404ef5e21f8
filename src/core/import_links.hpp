// SPDX-License-Identifier: Apache-2.0
// POST /links/import and `headwater import links`: many links from elsewhere, each with an outcome
// of its own. The same rows again change nothing.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/create_link.hpp"

namespace hw {

// A link as a row describes it. Tags by name and the folder are made when they are missing.
struct ImportLink {
    CreateLink link;
    std::optional<std::int64_t> created_at_ms;
    std::string folder;  // its name; empty: none
};

struct ImportRow {
    std::int64_t number = 0;  // from 1, in the whole file
    std::string key;          // as the row names it, for whoever reads the failures
    Result<ImportLink> link;
};

struct ImportFailure {
    std::int64_t row = 0;
    std::string key;
    std::string error;
};

// Of one batch, or of many added up.
struct ImportOutcome {
    std::int64_t rows = 0;
    std::int64_t created = 0;
    std::int64_t skipped = 0;  // there already, with the same destination
    std::int64_t failed = 0;
    std::vector<ImportFailure> failures{};  // the first kImportErrorsMax

    void add(const ImportOutcome& batch);
};

// One batch in one transaction. A row without a key gets one that follows from its content, so that
// it is found again when it comes again.
Result<ImportOutcome> import_links(Tx& tx, std::span<const ImportRow> rows);

}  // namespace hw
