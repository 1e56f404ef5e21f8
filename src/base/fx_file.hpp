// SPDX-License-Identifier: Apache-2.0
// Readers for the files in which the European Central Bank publishes its reference rates.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace hw {

struct FxRate {
    std::string date;   // "2026-01-02"
    std::string base;   // lower-case code; the ECB's is "eur"
    std::string quote;  // lower-case code
    std::string
        rate;  // units of `quote` per unit of `base`, as the file writes it (base/money.hpp)

    bool operator==(const FxRate&) const = default;
};

// The daily and the history XML (eurofxref-daily.xml, eurofxref-hist.xml).
Result<std::vector<FxRate>> read_ecb_xml(std::string_view text);

// The daily and the history CSV (eurofxref.csv, eurofxref-hist.csv). "N/A" and empty cells are
// skipped, and so are lines that begin with "#".
Result<std::vector<FxRate>> read_ecb_csv(std::string_view text);

// Either, told apart by the first character.
Result<std::vector<FxRate>> read_ecb_file(std::string_view text);

// The embedded demo table (data/fx_starter.csv). Its rates are made up; store them with a source
// that says so.
std::vector<FxRate> starter_rates();

}  // namespace hw
