// SPDX-License-Identifier: Apache-2.0
// What the ladder would do with a sale now, rung by rung, and what is missing for a better answer,
// in sentences. Asks the same function that decides. Reads only.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "core/match_conversion.hpp"
#include "store/conversions.hpp"

namespace hw {

// One of them.
struct DiagnoseSale {
    std::string link_slug{};      // a payment webhook that names this link key and nothing else
    std::string invoice_id{};     // a payment that was told
    std::string conversion_id{};  // likewise
};

// What became of a rung, by the candidates it found.
struct DiagnosedCandidate {
    Candidate candidate;
    std::string meaning;  // of the verdict
};
struct DiagnosedRung {
    std::string name;
    std::string confidence;
    std::optional<std::int64_t> window_ms{};  // nothing: no window
    // taken, suggested, rejected, nothing_found, not_tried, off
    std::string outcome;
    std::vector<DiagnosedCandidate> candidates{};
};

struct SaleFinding {
    std::string code;        // for machines, for example "link_disabled"
    bool is_problem = true;  // false: good to know
    std::string message;
    std::string fix;  // empty: nothing to do
};

struct SaleDiagnosis {
    std::optional<Conversion> conversion{};  // of a payment that was told
    std::optional<Attribution> standing{};   // its decision as it stands
    Match match{};                           // what would be decided now
    std::vector<DiagnosedRung> rungs{};
    std::vector<SaleFinding> findings{};
};

// 422 unless exactly one is named, and for a lead; 404 for what is not there. A link key that no
// link has is a diagnosis.
Result<SaleDiagnosis> diagnose_sale(Tx& tx, const DiagnoseSale& input);

// For a terminal.
std::string diagnosis_text(const SaleDiagnosis& diagnosis);

}  // namespace hw
