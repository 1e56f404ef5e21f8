// SPDX-License-Identifier: Apache-2.0
#include "store/conversion_evidence.hpp"

#include <fmt/format.h>

#include "store/json_array.hpp"

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

// Kinds of evidence and of identities go by the same names.
const Query kConversionsOfVisitor{"conversions_of_visitor", R"sql(
select conversion_id from (
    select e.conversion_id from conversion_evidence e
    where e.workspace_id = $1 and e.kind = 'visitor' and e.value = $2 and e.conversion_id > $3
    union
    select e.conversion_id
    from identities i join conversion_evidence e
        on e.workspace_id = i.workspace_id and e.kind = i.kind and e.value = i.value
    where i.workspace_id = $1 and i.fingerprint = $2
        and i.kind in ('session', 'customer', 'email', 'visitor') and e.conversion_id > $3) as found
order by conversion_id limit $4
)sql"};

// Each engine unpacks a JSON array with a function of its own.
std::string visitors_sql(std::string_view list) {
    return fmt::format(R"sql(
select e.value from conversion_evidence e
where e.workspace_id = $1 and e.kind = 'visitor' and e.value in ({0})
union
select i.fingerprint
from identities i join conversion_evidence e
    on e.workspace_id = i.workspace_id and e.kind = i.kind and e.value = i.value
where i.workspace_id = $1 and i.fingerprint in ({0})
    and i.kind in ('session', 'customer', 'email', 'visitor')
order by 1
)sql",
                       list);
}
const Query kVisitorsWithConversions{
    "visitors_with_conversions", visitors_sql("select value from json_each($2)"),
    visitors_sql("select json_array_elements_text(cast($2 as json))")};

}  // namespace

bool insert_evidence(Tx& tx, std::string_view conversion_id, const Evidence& evidence) {
    return tx.any(kInsertEvidence, tx.workspace_id(), conversion_id, evidence.kind, evidence.value);
}

std::vector<Evidence> evidence_of(Tx& tx, std::string_view conversion_id) {
    return tx.all(
        kEvidenceOfConversion, [](const Row& row) { return Evidence{row.text(0), row.text(1)}; },
        tx.workspace_id(), conversion_id);
}

std::vector<std::string> conversions_of_visitor(Tx& tx, std::string_view fingerprint,
                                                std::string_view after_id, std::int64_t limit) {
    return tx.all(
        kConversionsOfVisitor, [](const Row& row) { return row.text(0); }, tx.workspace_id(),
        fingerprint, after_id, limit);
}

std::vector<std::string> visitors_with_conversions(Tx& tx,
                                                   std::span<const std::string> fingerprints) {
    return tx.all(
        kVisitorsWithConversions, [](const Row& row) { return row.text(0); }, tx.workspace_id(),
        json_array_text(fingerprints));
}

std::vector<std::string> conversions_with_evidence(Tx& tx, const Evidence& evidence,
                                                   std::string_view after_id, std::int64_t limit) {
    return tx.all(
        kConversionsWithEvidence, [](const Row& row) { return row.text(0); }, tx.workspace_id(),
        evidence.kind, evidence.value, after_id, limit);
}

}  // namespace hw
