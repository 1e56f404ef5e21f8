// SPDX-License-Identifier: Apache-2.0
#include "store/ledger.hpp"

#include "base/fault.hpp"
#include "store/like_pattern.hpp"

namespace hw {
namespace {

const Query kInsertLedgerTransaction{"insert_ledger_transaction", R"sql(
insert into ledger_transactions (workspace_id, ledger_id, kind, commission_id, payout_id, at_ms)
values ($1, $2, $3, $4, $5, $6)
)sql"};

const Query kInsertPosting{"insert_posting", R"sql(
insert into postings (workspace_id, ledger_id, position, account, amount, currency, commission_id)
values ($1, $2, $3, $4, $5, $6, $7)
)sql"};

// Summed up by whoever reads them: for "group by account" SQLite would walk the index by account
// through all of the workspace.
const Query kPostingsOfCommission{"postings_of_commission", R"sql(
select account, amount from postings where workspace_id = $1 and commission_id = $2
)sql"};

const Query kListBalances{"list_balances", R"sql(
select account, currency, cast(sum(balance) as bigint) from ledger_balances
where workspace_id = $1 and ($2 = '' or substr(account, 1, length($2)) = $2)
group by account, currency having sum(balance) <> 0 order by account, currency
)sql"};

const Query kSumPostings{"sum_postings", R"sql(
select account, currency, cast(sum(amount) as bigint) from postings where workspace_id = $1
group by account, currency having sum(amount) <> 0 order by account, currency
)sql"};

const Query kFindLedgerTransaction{"find_ledger_transaction", R"sql(
select workspace_id, ledger_id, kind, commission_id, payout_id, at_ms from ledger_transactions
where workspace_id = $1 and ledger_id = $2
)sql"};

const Query kPostingsOf{"postings_of", R"sql(
select account, amount, currency from postings where workspace_id = $1 and ledger_id = $2
order by position
)sql"};

const Query kListLedger{"list_ledger", R"sql(
select ledger_id from ledger_transactions where workspace_id = $1 and ledger_id > $2
order by ledger_id limit $3
)sql"};

const Query kListLedgerOfAccount{"list_ledger_of_account", R"sql(
select distinct ledger_id from postings where workspace_id = $1 and account = $2 and ledger_id > $3
order by ledger_id limit $4
)sql"};

// ';' is what follows ':'.
const Query kListLedgerOfPartner{"list_ledger_of_partner", R"sql(
select distinct ledger_id from postings
where workspace_id = $1 and account > 'partner:' || $2 || ':' and account < 'partner:' || $2 || ';'
    and ledger_id > $3
order by ledger_id limit $4
)sql"};

const Query kListLedgerOfCommission{"list_ledger_of_commission", R"sql(
select distinct ledger_id from postings where workspace_id = $1 and commission_id = $2
order by ledger_id
)sql"};

const Query kSealOf{"seal_of", R"sql(
select seq, ledger_id, hash, sealed_at_ms from ledger_seals
where workspace_id = $1 and ledger_id = $2
)sql"};

const Query kLastSeal{"last_seal", R"sql(
select seq, ledger_id, hash, sealed_at_ms from ledger_seals
where workspace_id = $1 order by seq desc limit 1
)sql"};

const Query kInsertSeal{"insert_seal", R"sql(
insert into ledger_seals (workspace_id, seq, ledger_id, hash, sealed_at_ms)
values ($1, $2, $3, $4, $5)
)sql"};

// By id and not from the last sealed one on: a transaction may commit after one with a later id.
const Query kUnsealed{"unsealed_transactions", R"sql(
select t.ledger_id from ledger_transactions t left join ledger_seals s
    on s.workspace_id = t.workspace_id and s.ledger_id = t.ledger_id
where t.workspace_id = $1 and t.ledger_id >= $2 and s.ledger_id is null
order by t.ledger_id limit $3
)sql"};

const Query kEachSeal{"each_seal", R"sql(
select seq, ledger_id, hash, sealed_at_ms from ledger_seals where workspace_id = $1 order by seq
)sql"};

const Query kUnevenTransactions{"uneven_transactions", R"sql(
select ledger_id, currency, cast(sum(amount) as bigint) from postings where workspace_id = $1
group by ledger_id, currency having sum(amount) <> 0 order by ledger_id
)sql"};

Seal seal_from(const Row& row) {
    return {row.int64(0), row.text(1), row.text(2), row.int64(3)};
}

Balance balance_from(const Row& row) {
    return {row.text(0), row.text(1), row.int64(2)};
}

std::optional<LedgerTransaction> find_ledger_transaction(Tx& tx, std::string_view workspace_id,
                                                         std::string_view ledger_id) {
    auto found = tx.first(
        kFindLedgerTransaction,
        [](const Row& row) {
            return LedgerTransaction{
                row.text(0),          row.text(1),  row.text(2), row.optional_text(3),
                row.optional_text(4), row.int64(5), {}};
        },
        workspace_id, ledger_id);
    if (!found) return found;
    found->postings = tx.all(
        kPostingsOf, [](const Row& row) { return Posting{row.text(0), row.int64(1), row.text(2)}; },
        workspace_id, ledger_id);
    return found;
}

std::vector<LedgerTransaction> with_postings(Tx& tx, std::string_view workspace_id,
                                             const std::vector<std::string>& ids) {
    std::vector<LedgerTransaction> found;
    for (const auto& id : ids) {
        auto transaction = find_ledger_transaction(tx, workspace_id, id);
        HW_ASSERT(transaction);
        found.push_back(std::move(*transaction));
    }
    return found;
}

std::string first_text(const Row& row) {
    return row.text(0);
}

void expect_even(const std::vector<Posting>& postings) {
    std::map<std::string_view, std::int64_t> sums;
    for (const auto& posting : postings) sums[posting.currency] += posting.amount;
    for (const auto& [currency, sum] : sums) HW_ASSERT(sum == 0);
}

}  // namespace

void append_ledger_transaction(Tx& tx, const LedgerTransaction& transaction) {
    expect_even(transaction.postings);
    tx.exec(kInsertLedgerTransaction, transaction.workspace_id, transaction.ledger_id,
            transaction.kind, transaction.commission_id, transaction.payout_id, transaction.at_ms);
    std::int64_t position = 0;
    for (const auto& posting : transaction.postings) {
        tx.exec(kInsertPosting, transaction.workspace_id, transaction.ledger_id, ++position,
                posting.account, posting.amount, posting.currency, transaction.commission_id);
        tx.counters().add(BalanceKey{transaction.workspace_id, posting.account, posting.currency},
                          posting.amount);
    }
}

AccountAmounts postings_of_commission(Tx& tx, std::string_view workspace_id,
                                      std::string_view commission_id) {
    AccountAmounts amounts;
    tx.each(
        kPostingsOfCommission, [&](const Row& row) { amounts[row.text(0)] += row.int64(1); },
        workspace_id, commission_id);
    std::erase_if(amounts, [](const auto& entry) { return entry.second == 0; });
    return amounts;
}

std::vector<Balance> list_balances(Tx& tx, std::string_view workspace_id, std::string_view prefix) {
    return tx.all(kListBalances, balance_from, workspace_id, prefix);
}

std::vector<Balance> sum_postings(Tx& tx, std::string_view workspace_id) {
    return tx.all(kSumPostings, balance_from, workspace_id);
}

std::vector<Balance> uneven_transactions(Tx& tx, std::string_view workspace_id) {
    return tx.all(kUnevenTransactions, balance_from, workspace_id);
}

std::vector<LedgerTransaction> list_ledger(Tx& tx, std::string_view workspace_id,
                                           std::string_view account, std::string_view after_id,
                                           std::int64_t limit) {
    const auto ids =
        account.empty()
            ? tx.all(kListLedger, first_text, workspace_id, after_id, limit)
            : tx.all(kListLedgerOfAccount, first_text, workspace_id, account, after_id, limit);
    return with_postings(tx, workspace_id, ids);
}

std::vector<LedgerTransaction> list_ledger_of_partner(Tx& tx, std::string_view workspace_id,
                                                      std::string_view partner_id,
                                                      std::string_view after_id,
                                                      std::int64_t limit) {
    return with_postings(
        tx, workspace_id,
        tx.all(kListLedgerOfPartner, first_text, workspace_id, partner_id, after_id, limit));
}

std::vector<LedgerTransaction> list_ledger_of_commission(Tx& tx, std::string_view workspace_id,
                                                         std::string_view commission_id) {
    return with_postings(tx, workspace_id,
                         tx.all(kListLedgerOfCommission, first_text, workspace_id, commission_id));
}

std::optional<Seal> seal_of(Tx& tx, std::string_view workspace_id, std::string_view ledger_id) {
    return tx.first(kSealOf, seal_from, workspace_id, ledger_id);
}

std::optional<Seal> last_seal(Tx& tx, std::string_view workspace_id) {
    return tx.first(kLastSeal, seal_from, workspace_id);
}

void insert_seal(Tx& tx, std::string_view workspace_id, const Seal& seal) {
    tx.exec(kInsertSeal, workspace_id, seal.seq, seal.ledger_id, seal.hash, seal.sealed_at_ms);
}

std::vector<LedgerTransaction> unsealed_transactions(Tx& tx, std::string_view workspace_id,
                                                     std::string_view from_id, std::int64_t limit) {
    return with_postings(tx, workspace_id,
                         tx.all(kUnsealed, first_text, workspace_id, from_id, limit));
}

void each_sealed(Tx& tx, std::string_view workspace_id,
                 FunctionRef<void(const Seal&, const std::optional<LedgerTransaction>&)> on_seal) {
    for (const auto& seal : tx.all(kEachSeal, seal_from, workspace_id)) {
        on_seal(seal, find_ledger_transaction(tx, workspace_id, seal.ledger_id));
    }
}

}  // namespace hw
