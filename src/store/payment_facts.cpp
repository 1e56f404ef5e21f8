// SPDX-License-Identifier: Apache-2.0
#include "store/payment_facts.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <set>

#include "store/json_array.hpp"

namespace hw {
namespace {

namespace json = boost::json;

const Query kInsertFact{"insert_payment_fact", R"sql(
insert into payment_facts (workspace_id, provider, fact_key, kind, anchor_id, object_ids, at_ms,
    fields, inbox_id)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing returning 1
)sql"};

const Query kFindObject{"find_payment_object", R"sql(
select aggregate_id from payment_objects
where workspace_id = $1 and provider = $2 and object_id = $3
)sql"};

const Query kPutObject{"put_payment_object", R"sql(
insert into payment_objects (workspace_id, provider, object_id, aggregate_id)
values ($1, $2, $3, $4)
on conflict (workspace_id, provider, object_id) do update set aggregate_id = excluded.aggregate_id
)sql"};

const Query kMoveObjects{"move_payment_objects", R"sql(
update payment_objects set aggregate_id = $4
where workspace_id = $1 and provider = $2 and aggregate_id = $3
)sql"};

// A cross join, because SQLite would rather begin with all facts of the workspace.
const Query kListFacts{"list_payment_facts", R"sql(
select f.fact_key, f.kind, f.anchor_id, f.at_ms, f.fields
from payment_objects o cross join payment_facts f
where o.workspace_id = $1 and o.provider = $2 and o.aggregate_id = $3
    and f.workspace_id = o.workspace_id and f.provider = o.provider
    and f.anchor_id = o.object_id
order by f.at_ms, f.fact_key
)sql"};

struct TextField {
    const char* name;
    std::string PaymentFact::* member;
};
constexpr TextField kTexts[] = {
    {"reason", &PaymentFact::reason},
    {"checkout", &PaymentFact::checkout_id},
    {"invoice", &PaymentFact::invoice_id},
    {"intent", &PaymentFact::intent_id},
    {"charge", &PaymentFact::charge_id},
    {"subscription", &PaymentFact::subscription_id},
    {"customer", &PaymentFact::customer_id},
    {"email", &PaymentFact::email},
    {"name", &PaymentFact::name},
    {"externalId", &PaymentFact::external_id},
    {"currency", &PaymentFact::currency},
    {"status", &PaymentFact::status},
    {"statusBefore", &PaymentFact::status_before},
    {"plan", &PaymentFact::plan},
    {"planBefore", &PaymentFact::plan_before},
    {"metadata", &PaymentFact::metadata},
};

struct IntField {
    const char* name;
    std::int64_t PaymentFact::* member;
};
constexpr IntField kInts[] = {
    {"total", &PaymentFact::total},
    {"gross", &PaymentFact::gross},
    {"tax", &PaymentFact::tax},
    {"discount", &PaymentFact::discount},
    {"net", &PaymentFact::net},
    {"mrr", &PaymentFact::mrr},
    {"mrrBefore", &PaymentFact::mrr_before},
    {"billedMonths365ths", &PaymentFact::billed_months_365ths},
    {"trialEnd", &PaymentFact::trial_end_ms},
    {"ended", &PaymentFact::ended_ms},
};

struct BoolField {
    const char* name;
    bool PaymentFact::* member;
};
constexpr BoolField kBools[] = {
    {"test", &PaymentFact::test},
    {"paid", &PaymentFact::paid},
    {"mrrKnown", &PaymentFact::mrr_known},
};

struct EvidenceField {
    const char* name;
    std::string PaymentEvidence::* member;
};
constexpr EvidenceField kEvidence[] = {
    {"clickId", &PaymentEvidence::click_id},
    {"linkSlug", &PaymentEvidence::link_slug},
    {"code", &PaymentEvidence::code},
    {"visitorFingerprint", &PaymentEvidence::visitor_fingerprint},
    {"sessionId", &PaymentEvidence::session_id},
    {"customerExternalId", &PaymentEvidence::customer_external_id},
};

// What is empty is left out.
std::string fields_text(const PaymentFact& fact) {
    json::object fields;
    for (const auto& [name, member] : kTexts) {
        if (!(fact.*member).empty()) fields[name] = fact.*member;
    }
    for (const auto& [name, member] : kInts) {
        if (fact.*member != 0) fields[name] = fact.*member;
    }
    for (const auto& [name, member] : kBools) {
        if (fact.*member) fields[name] = true;
    }
    for (const auto& [name, member] : kEvidence) {
        if (!(fact.evidence.*member).empty()) fields[name] = fact.evidence.*member;
    }
    return json::serialize(fields);
}

PaymentFact fact_from(const Row& row) {
    PaymentFact fact;
    fact.fact_key = row.text(0);
    fact.kind = row.text(1);
    fact.anchor_id = row.text(2);
    fact.at_ms = row.int64(3);
    const auto value = json::parse(row.view(4));
    const auto& fields = value.as_object();
    for (const auto& [name, member] : kTexts) {
        if (const auto* text = fields.if_contains(name)) fact.*member = text->as_string();
    }
    for (const auto& [name, member] : kInts) {
        if (const auto* number = fields.if_contains(name)) fact.*member = number->as_int64();
    }
    for (const auto& [name, member] : kBools) fact.*member = fields.contains(name);
    for (const auto& [name, member] : kEvidence) {
        if (const auto* text = fields.if_contains(name)) fact.evidence.*member = text->as_string();
    }
    return fact;
}

}  // namespace

std::vector<std::string> PaymentFact::object_ids() const {
    std::vector<std::string> ids{anchor_id};
    for (const auto& id :
         {checkout_id, invoice_id, intent_id, charge_id, subscription_id, customer_id}) {
        if (!id.empty() && std::ranges::find(ids, id) == ids.end()) ids.push_back(id);
    }
    return ids;
}

bool insert_payment_fact(Tx& tx, std::string_view provider, const PaymentFact& fact,
                         std::string_view inbox_id) {
    const auto ids = json_array_text(fact.object_ids());
    const auto fields = fields_text(fact);
    return tx.any(kInsertFact, tx.workspace_id(), provider, fact.fact_key, fact.kind,
                  fact.anchor_id, ids, fact.at_ms, fields, inbox_id);
}

std::optional<std::string> find_payment_aggregate(Tx& tx, std::string_view provider,
                                                  std::string_view object_id) {
    return tx.first(
        kFindObject, [](const Row& row) { return row.text(0); }, tx.workspace_id(), provider,
        object_id);
}

std::string join_payment_objects(Tx& tx, std::string_view provider,
                                 const std::vector<std::string>& object_ids) {
    std::set<std::string> known;
    std::vector<std::string> fresh;
    auto smallest = object_ids.front();
    for (const auto& id : object_ids) {
        auto aggregate = find_payment_aggregate(tx, provider, id);
        smallest = std::min(smallest, aggregate.value_or(id));
        if (aggregate) {
            known.insert(std::move(*aggregate));
        } else {
            fresh.push_back(id);
        }
    }
    for (const auto& aggregate : known) {
        if (aggregate == smallest) continue;
        tx.exec(kMoveObjects, tx.workspace_id(), provider, aggregate, smallest);
    }
    for (const auto& id : fresh) tx.exec(kPutObject, tx.workspace_id(), provider, id, smallest);
    return smallest;
}

std::vector<PaymentFact> list_payment_facts(Tx& tx, std::string_view provider,
                                            std::string_view aggregate_id) {
    return tx.all(kListFacts, fact_from, tx.workspace_id(), provider, aggregate_id);
}

}  // namespace hw
