// SPDX-License-Identifier: Apache-2.0
// POST /spend/import and `headwater spend import`: what was spent, out of a file, each row with an
// outcome of its own. The same rows again change nothing.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "store/spend.hpp"
#include "store/tx.hpp"

namespace hw {

struct SpendRow {
    std::int64_t number = 0;  // from 1, in the whole file
    Result<Spend> spend;
};

// Columns in any order: date, source, campaign (may be absent), amount, currency. Looks through all
// of the text, so that a damaged file is refused before anything of it is stored.
Result<std::vector<SpendRow>> read_spend_file(std::string_view text);

struct SpendFailure {
    std::int64_t row = 0;
    std::string error;
};

// Of one batch, or of many added up.
struct SpendOutcome {
    std::int64_t rows = 0;
    std::int64_t created = 0;
    std::int64_t replaced = 0;  // another amount stood there; the audit log keeps it
    std::int64_t unchanged = 0;
    std::int64_t failed = 0;
    std::vector<SpendFailure> failures{};  // the first kImportErrorsMax

    void add(const SpendOutcome& batch);
};

// One batch in one transaction, in the order of the rows: the last one of a day, source and
// campaign counts. `actor` is kept with what it replaces.
Result<SpendOutcome> import_spend(Tx& tx, std::span<const SpendRow> rows, std::string_view actor);

}  // namespace hw
