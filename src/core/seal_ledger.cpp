// SPDX-License-Identifier: Apache-2.0
#include "core/seal_ledger.hpp"

#include <fmt/format.h>

#include <map>

#include "base/civil_time.hpp"
#include "base/digest.hpp"
#include "base/id.hpp"
#include "store/advisory_lock.hpp"

namespace hw {
namespace {

// No transaction stays open for this long: one whose id is older than the last sealed one's by more
// has been sealed.
constexpr std::int64_t kOverlapMs = kDayMs;

// The least id that may still wait for its seal.
std::string first_unsealed_id(const std::optional<Seal>& last) {
    if (!last) return {};
    const auto at_ms = event_id_time_ms(last->ledger_id);
    return at_ms ? first_id("ltx_", *at_ms - kOverlapMs) : std::string{};
}

// Each text with its length, so that no two transactions give the same input.
void add(std::string& input, std::string_view text) {
    input += fmt::format("{}:{}", text.size(), text);
}

void verify_chain(Tx& tx, std::vector<Difference>& found) {
    std::string before;
    std::int64_t seq = 0;
    each_sealed(tx, tx.workspace_id(),
                [&](const Seal& seal, const std::optional<LedgerTransaction>& transaction) {
                    ++seq;
                    const auto expected = transaction ? seal_hash(before, *transaction)
                                                      : std::string("its transaction");
                    if (seal.seq != seq || seal.hash != expected) {
                        found.push_back({.table = "ledger_seals",
                                         .key = fmt::format("{} {}", seal.seq, seal.ledger_id),
                                         .expected = fmt::format("{} {}", seq, expected),
                                         .found = fmt::format("{} {}", seal.seq, seal.hash)});
                    }
                    before = seal.hash;
                });
}

std::map<std::string, std::int64_t> by_name(const std::vector<Balance>& balances) {
    std::map<std::string, std::int64_t> named;
    for (const auto& b : balances) named[fmt::format("{} {}", b.account, b.currency)] = b.amount;
    return named;
}

void verify_balances(Tx& tx, std::vector<Difference>& found) {
    auto kept = by_name(list_balances(tx, tx.workspace_id(), ""));
    for (const auto& [name, amount] : by_name(sum_postings(tx, tx.workspace_id()))) {
        const auto at = kept.find(name);
        const auto balance = at == kept.end() ? 0 : at->second;
        if (at != kept.end()) kept.erase(at);
        if (balance == amount) continue;
        found.push_back({.table = "ledger_balances",
                         .key = name,
                         .expected = std::to_string(amount),
                         .found = std::to_string(balance)});
    }
    for (const auto& [name, balance] : kept) {
        found.push_back({.table = "ledger_balances",
                         .key = name,
                         .expected = "0",
                         .found = std::to_string(balance)});
    }
}

void verify_sums(Tx& tx, std::vector<Difference>& found) {
    for (const auto& sum : uneven_transactions(tx, tx.workspace_id())) {
        found.push_back({.table = "postings",
                         .key = sum.account + " " + sum.currency,
                         .expected = "0",
                         .found = std::to_string(sum.amount)});
    }
}

}  // namespace

std::string seal_hash(std::string_view before, const LedgerTransaction& transaction) {
    std::string input;
    add(input, before);
    add(input, transaction.workspace_id);
    add(input, transaction.ledger_id);
    add(input, transaction.kind);
    add(input, transaction.commission_id.value_or(""));
    add(input, transaction.payout_id.value_or(""));
    add(input, std::to_string(transaction.at_ms));
    for (const auto& posting : transaction.postings) {
        add(input, posting.account);
        add(input, std::to_string(posting.amount));
        add(input, posting.currency);
    }
    return sha256_hex(input);
}

std::int64_t seal_ledger(Tx& tx, std::int64_t limit) {
    if (!try_advisory_lock(tx, "seal_ledger:" + tx.workspace_id())) return 0;
    const auto newest = last_seal(tx, tx.workspace_id());
    const auto waiting =
        unsealed_transactions(tx, tx.workspace_id(), first_unsealed_id(newest), limit);
    auto last = newest.value_or(Seal{});
    for (const auto& transaction : waiting) {
        last = {.seq = last.seq + 1,
                .ledger_id = transaction.ledger_id,
                .hash = seal_hash(last.hash, transaction),
                .sealed_at_ms = tx.now_ms()};
        insert_seal(tx, tx.workspace_id(), last);
    }
    return std::ssize(waiting);
}

std::vector<Difference> verify_ledger(Tx& tx) {
    std::vector<Difference> found;
    verify_chain(tx, found);
    verify_sums(tx, found);
    verify_balances(tx, found);
    return found;
}

}  // namespace hw
