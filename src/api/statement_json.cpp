// SPDX-License-Identifier: Apache-2.0
#include "api/statement_json.hpp"

#include <fmt/format.h>

#include <map>

#include "api/json_text.hpp"
#include "base/base64.hpp"
#include "base/ed25519.hpp"
#include "base/fault.hpp"
#include "base/money.hpp"

namespace hw {
namespace {

constexpr std::string_view kAlgorithm = "ed25519";

std::unexpected<Error> broken(std::string why) {
    return fail(ErrorCode::BadRequest, std::move(why), "statement_broken");
}

using Sums = std::map<std::string, std::int64_t>;

// "account currency" and amount of each posting that goes to the partner.
void add_postings(const json::object& transaction, std::string_view prefix, Sums& sums) {
    for (const auto& posting : transaction.at("postings").as_array()) {
        const auto account = std::string(posting.at("account").as_string());
        if (!account.starts_with(prefix)) continue;
        const auto key = account + " " + std::string(posting.at("currency").as_string());
        sums[key] += posting.at("amount").to_number<std::int64_t>();
    }
}

Result<std::string> check_sums(const json::object& statement) {
    const auto partner_id = std::string(statement.at("partner").at("id").as_string());
    Sums sums;
    for (const auto& transaction : statement.at("transactions").as_array()) {
        add_postings(transaction.as_object(), "partner:" + partner_id + ":", sums);
    }
    std::string text = fmt::format("partner {}, {} transactions, made {}\n", partner_id,
                                   statement.at("transactions").as_array().size(),
                                   std::string(statement.at("madeAt").as_string()));
    for (const auto& balance : statement.at("balances").as_array()) {
        const auto currency = std::string(balance.at("currency").as_string());
        const auto key = std::string(balance.at("account").as_string()) + " " + currency;
        const auto amount = balance.at("amount").to_number<std::int64_t>();
        if (sums[key] != amount) {
            return broken(fmt::format("The balance of {} is {}, but its postings add up to {}.",
                                      key, amount, sums[key]));
        }
        text += fmt::format("{}: {}\n", key, format_minor(amount, currency));
        sums.erase(key);
    }
    for (const auto& [key, sum] : sums) {
        if (sum != 0) {
            return broken(
                fmt::format("The postings of {} add up to {}, but it has no balance.", key, sum));
        }
    }
    return text;
}

struct Lines {
    std::string_view statement;
    std::string_view signature;
};

Result<Lines> lines_of(std::string_view file) {
    const auto end = file.find('\n');
    if (end == file.npos) return broken("The file has no second line: it is no statement.");
    auto rest = file.substr(end + 1);
    rest = rest.substr(0, rest.find('\n'));
    return Lines{file.substr(0, end), rest};
}

std::string text_member(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    return value != nullptr && value->is_string() ? std::string(value->get_string())
                                                  : std::string{};
}

}  // namespace

json::object ledger_json(const SealedTransaction& sealed) {
    const auto& transaction = sealed.transaction;
    json::array postings;
    for (const auto& posting : transaction.postings) {
        postings.push_back(json::object{{"account", posting.account},
                                        {"amount", posting.amount},
                                        {"currency", posting.currency}});
    }
    json::value seal = nullptr;
    if (sealed.seal) {
        seal = json::object{{"seq", sealed.seal->seq}, {"hash", sealed.seal->hash}};
    }
    return {{"id", transaction.ledger_id},
            {"kind", transaction.kind},
            {"commissionId", text_or_null(transaction.commission_id)},
            {"payoutId", text_or_null(transaction.payout_id)},
            {"createdAt", time_or_null(transaction.at_ms)},
            {"postings", std::move(postings)},
            {"seal", std::move(seal)}};
}

json::array balances_json(const std::vector<Balance>& balances) {
    json::array rows;
    for (const auto& balance : balances) {
        rows.push_back(json::object{{"account", balance.account},
                                    {"currency", balance.currency},
                                    {"amount", balance.amount}});
    }
    return rows;
}

std::string signed_statement(const PartnerStatement& statement, std::string_view seed) {
    json::array transactions;
    for (const auto& sealed : statement.transactions) transactions.push_back(ledger_json(sealed));
    const auto line = json_text(
        json::object{{"workspaceId", statement.partner.workspace_id},
                     {"partner", json::object{{"id", statement.partner.partner_id},
                                              {"name", statement.partner.name},
                                              {"email", text_or_null(statement.partner.email)}}},
                     {"madeAt", time_or_null(statement.made_at_ms)},
                     {"balances", balances_json(statement.balances)},
                     {"transactions", std::move(transactions)}});
    const auto signature =
        json_text(json::object{{"algorithm", kAlgorithm},
                               {"publicKey", base64_text(ed25519_public_key(seed))},
                               {"signature", base64_text(ed25519_sign(seed, line))}});
    return line + "\n" + signature + "\n";
}

Result<std::string> verify_statement(std::string_view file, std::string_view public_key) {
    const auto lines = HW_TRY(lines_of(file));
    const auto signature = parse_object(lines.signature);
    if (!signature) return broken("The second line is no signature.");
    const auto named = text_member(*signature, "publicKey");
    if (!public_key.empty() && named != public_key) {
        return broken(
            fmt::format("It was signed with the key {}, not with {}.", named, public_key));
    }
    const auto key = base64_bytes(named);
    const auto value = base64_bytes(text_member(*signature, "signature"));
    if (!key || !value || !ed25519_verify(*key, lines.statement, *value)) {
        return broken("The signature does not belong to this statement: one of them was changed.");
    }
    const auto statement = parse_object(lines.statement);
    if (!statement) return broken("The first line is no statement.");
    auto text = HW_TRY(check_sums(*statement));
    return text + fmt::format("signed with {}\n", named);
}

}  // namespace hw
