// SPDX-License-Identifier: Apache-2.0
#include "store/revenues.hpp"

namespace hw {
namespace {

const Query kInsertRevenue{"insert_revenue", R"sql(
insert into revenues (workspace_id, conversion_id, kind, source, subscription_id,
    processor_customer_id, is_test)
values ($1, $2, $3, $4, $5, $6, $7)
)sql"};

const Query kFindRevenue{"find_revenue", R"sql(
select conversion_id, kind, source, subscription_id, processor_customer_id, is_test
from revenues where workspace_id = $1 and conversion_id = $2
)sql"};

const Query kSetRevenueKind{"set_revenue_kind", R"sql(
update revenues set kind = $3 where workspace_id = $1 and conversion_id = $2
)sql"};

const Query kPaymentAliasesOf{"payment_aliases_of", R"sql(
select alias from payment_aliases where workspace_id = $1 and conversion_id = $2 order by alias
)sql"};

const Query kMovePaymentAliases{"move_payment_aliases", R"sql(
update payment_aliases set conversion_id = $3 where workspace_id = $1 and conversion_id = $2
)sql"};

const Query kAddInferred{"add_inferred", R"sql(
insert into inferred_totals as t (workspace_id, link_id, sales, sale_amount)
values ($1, $2, $3, $4)
on conflict (workspace_id, link_id) do update set
    sales = t.sales + excluded.sales, sale_amount = t.sale_amount + excluded.sale_amount
)sql"};

const Query kInferredTotals{"inferred_totals", R"sql(
select sales, sale_amount from inferred_totals where workspace_id = $1 and link_id = $2
)sql"};

}  // namespace

void insert_revenue(Tx& tx, const Revenue& revenue) {
    tx.exec(kInsertRevenue, tx.workspace_id(), revenue.conversion_id, revenue.kind, revenue.source,
            revenue.subscription_id, revenue.processor_customer_id, revenue.test);
}

std::optional<Revenue> find_revenue(Tx& tx, std::string_view conversion_id) {
    return tx.first(
        kFindRevenue,
        [](const Row& row) {
            return Revenue{.conversion_id = row.text(0),
                           .kind = row.text(1),
                           .source = row.text(2),
                           .subscription_id = row.optional_text(3),
                           .processor_customer_id = row.text(4),
                           .test = row.boolean(5)};
        },
        tx.workspace_id(), conversion_id);
}

void set_revenue_kind(Tx& tx, std::string_view conversion_id, std::string_view kind) {
    tx.exec(kSetRevenueKind, tx.workspace_id(), conversion_id, kind);
}

std::vector<std::string> payment_aliases_of(Tx& tx, std::string_view conversion_id) {
    return tx.all(
        kPaymentAliasesOf, [](const Row& row) { return row.text(0); }, tx.workspace_id(),
        conversion_id);
}

void move_payment_aliases(Tx& tx, std::string_view from_conversion_id,
                          std::string_view to_conversion_id) {
    tx.exec(kMovePaymentAliases, tx.workspace_id(), from_conversion_id, to_conversion_id);
}

void add_inferred(Tx& tx, std::string_view link_id, const InferredTotals& added) {
    tx.exec(kAddInferred, tx.workspace_id(), link_id, added.sales, added.sale_amount);
}

InferredTotals inferred_totals(Tx& tx, std::string_view link_id) {
    return tx
        .first(
            kInferredTotals,
            [](const Row& row) {
                return InferredTotals{row.int64(0), row.int64(1)};
            },
            tx.workspace_id(), link_id)
        .value_or(InferredTotals{});
}

}  // namespace hw
