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
constexpr std::string_view kStatement = "the statement";

std::unexpected<Error> broken(std::string why) {
    return fail(ErrorCode::BadRequest, std::move(why), "statement_broken");
}

using Sums = std::map<std::string, std::int64_t>;

std::unexpected<Error> missing(std::string_view kind, std::string_view name,
                               std::string_view where) {
    return broken(
        fmt::format("The first line is no statement: {} has no {} \"{}\".", where, kind, name));
}

Result<const json::object*> object_of(const json::value& value, std::string_view where) {
    if (const auto* object = value.if_object()) return object;
    return broken(fmt::format("The first line is no statement: {} is no object.", where));
}

Result<std::string> text_of(const json::object& object, std::string_view name,
                            std::string_view where) {
    const auto* value = object.if_contains(name);
    if (value == nullptr || !value->is_string()) return missing("text", name, where);
    return std::string(value->get_string());
}

Result<const json::array*> array_of(const json::object& object, std::string_view name,
                                    std::string_view where) {
    const auto* value = object.if_contains(name);
    if (value == nullptr || !value->is_array()) return missing("list", name, where);
    return &value->get_array();
}

struct Amount {
    std::string account;
    std::string currency;
    std::int64_t amount = 0;

    std::string key() const { return account + " " + currency; }
};

// A posting or a balance.
Result<Amount> amount_of(const json::value& value, const std::string& where) {
    const auto* const object = HW_TRY(object_of(value, where));
    Amount read;
    read.account = HW_TRY(text_of(*object, "account", where));
    read.currency = HW_TRY(text_of(*object, "currency", where));
    if (!currency_exponent(read.currency)) {
        return broken(fmt::format("{} is in \"{}\", which is no currency.", where, read.currency));
    }
    const auto* amount = object->if_contains("amount");
    const auto* whole = amount == nullptr ? nullptr : amount->if_int64();
    if (whole == nullptr) return missing("whole number", "amount", where);
    read.amount = *whole;
    return read;
}

Result<void> add(Sums& sums, const std::string& key, std::int64_t amount) {
    if (__builtin_add_overflow(sums[key], amount, &sums[key])) {
        return broken(fmt::format("The postings of {} add up to more than there is.", key));
    }
    return {};
}

// Every posting of a transaction stands in it, so they come to nothing; those that go to the
// partner are added to `sums`.
Result<void> add_postings(const json::value& value, const std::string& where,
                          std::string_view prefix, Sums& sums) {
    const auto* const transaction = HW_TRY(object_of(value, where));
    const auto* const postings = HW_TRY(array_of(*transaction, "postings", where));
    Sums rest;
    for (std::size_t i = 0; i < postings->size(); ++i) {
        const auto posting =
            HW_TRY(amount_of((*postings)[i], fmt::format("{}.postings[{}]", where, i)));
        HW_CHECK(add(rest, posting.currency, posting.amount));
        if (posting.account.starts_with(prefix)) {
            HW_CHECK(add(sums, posting.key(), posting.amount));
        }
    }
    for (const auto& [currency, sum] : rest) {
        if (sum != 0) {
            return broken(fmt::format("The postings of {} come to {} {} and not to 0.", where, sum,
                                      currency));
        }
    }
    return {};
}

// A line for each balance, which must be what the postings add up to.
Result<std::string> check_balances(const json::array& balances, Sums sums) {
    std::string text;
    for (std::size_t i = 0; i < balances.size(); ++i) {
        const auto balance = HW_TRY(amount_of(balances[i], fmt::format("balances[{}]", i)));
        const auto key = balance.key();
        if (sums[key] != balance.amount) {
            return broken(fmt::format("The balance of {} is {}, but its postings add up to {}.",
                                      key, balance.amount, sums[key]));
        }
        text += fmt::format("{}: {}\n", key, format_minor(balance.amount, balance.currency));
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

Result<std::string> check_sums(const json::object& statement) {
    const auto* const partner = statement.if_contains("partner");
    if (partner == nullptr) return missing("object", "partner", kStatement);
    const auto* const named = HW_TRY(object_of(*partner, "partner"));
    const auto partner_id = HW_TRY(text_of(*named, "id", "partner"));
    const auto made_at = HW_TRY(text_of(statement, "madeAt", kStatement));
    const auto* const transactions = HW_TRY(array_of(statement, "transactions", kStatement));
    const auto* const balances = HW_TRY(array_of(statement, "balances", kStatement));
    Sums sums;
    for (std::size_t i = 0; i < transactions->size(); ++i) {
        HW_CHECK(add_postings((*transactions)[i], fmt::format("transactions[{}]", i),
                              "partner:" + partner_id + ":", sums));
    }
    const auto text = HW_TRY(check_balances(*balances, std::move(sums)));
    return fmt::format("partner {}, {} transactions, made {}\n{}", partner_id, transactions->size(),
                       made_at, text);
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

Result<std::string> read_public_key(std::string_view file) {
    const auto from = file.find_first_not_of(" \t\r\n");
    if (from == file.npos) return broken("The file of the key is empty.");
    std::string key(file.substr(from, file.find_last_not_of(" \t\r\n") - from + 1));
    if (key.starts_with('{')) {
        const auto object = parse_object(key);
        key = object ? text_member(*object, "publicKey") : std::string{};
    }
    const auto bytes = base64_bytes(key);
    if (bytes && bytes->size() == kEd25519KeyBytes) return key;
    return broken(
        fmt::format("The file of the key holds no key: {} bytes in base64, or the answer "
                    "of GET /ledger/key.",
                    kEd25519KeyBytes));
}

Result<std::string> verify_statement(std::string_view file, std::string_view public_key) {
    const auto lines = HW_TRY(lines_of(file));
    const auto signature = parse_object(lines.signature);
    if (!signature) return broken("The second line is no signature.");
    const auto algorithm = text_member(*signature, "algorithm");
    if (algorithm != kAlgorithm) {
        return broken(fmt::format("It is signed by \"{}\", and only \"{}\" is known.", algorithm,
                                  kAlgorithm));
    }
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
    if (!statement) return broken("The first line is no statement: it is no object of JSON.");
    auto text = HW_TRY(check_sums(*statement));
    return text + fmt::format("signed with {}\n", named);
}

}  // namespace hw
