// SPDX-License-Identifier: Apache-2.0
#include "store/conversion_evidence.hpp"

namespace hw {
namespace {

const Query kInsertEvidence{"insert_conversion_evidence", R"sql(
insert into conversion_evidence (workspace_id, conversion_id, kind, value)
values ($1, $2, $3, $4) on conflict do nothing returning 1
)sql"};

const Query kEvidenceOfConversion{"evidence_of_conversion", R"sql(
select kind, value from conversion_evidence
where workspace_id = $1 and conversion_id = $2 order by kind, value
)sql"};

const Query kConversionsWithEvidence{"conversions_with_evidence", R"sql(
select conversion_id from conversion_evidence
where workspace_id = $1 and kind = $2 and value = $3 and conversion_id > $4
order by conversion_id limit $5
)sql"};

}  // namespace

bool insert_evidence(Tx& tx, std::string_view conversion_id, const Evidence& evidence) {
    return tx.any(kInsertEvidence, tx.workspace_id(), conversion_id, evidence.kind, evidence.value);
}

std::vector<Evidence> evidence_of(Tx& tx, std::string_view conversion_id) {
    return tx.all(
        kEvidenceOfConversion,
        [](const Row& row) {
            return Evidence{row.text(0), row.text(1)};
        },
        tx.workspace_id(), conversion_id);
}

std::vector<std::string> conversions_with_evidence(Tx& tx, const Evidence& evidence,
                                                   std::string_view after_id, std::int64_t limit) {
    return tx.all(
        kConversionsWithEvidence, [](const Row& row) { return row.text(0); }, tx.workspace_id(),
        evidence.kind, evidence.value, after_id, limit);
}

}  // namespace hw
