// SPDX-License-Identifier: Apache-2.0
#include "api/statement_json.hpp"

#include <gtest/gtest.h>

#include "base/base64.hpp"
#include "base/ed25519.hpp"

namespace hw {
namespace {

const std::string kSeed(kEd25519KeyBytes, 's');

PartnerStatement statement() {
    PartnerStatement made;
    made.partner.workspace_id = "ws_1";
    made.partner.partner_id = "pn_1";
    made.partner.name = "Ada";
    made.balances = {{"partner:pn_1:pending", "usd", 500}};
    for (const std::int64_t amount : {300, 200}) {
        LedgerTransaction transaction;
        transaction.ledger_id = "ltx_" + std::to_string(amount);
        transaction.kind = "accrual";
        transaction.postings = {{"expense:commissions", -amount, "usd"},
                                {"partner:pn_1:pending", amount, "usd"}};
        made.transactions.push_back({transaction, Seal{1, transaction.ledger_id, "hash", 0}});
    }
    return made;
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
    const auto at = text.find(from);
    if (at != text.npos) text.replace(at, from.size(), to);
    return text;
}

// A file whose signature is right, whatever the line is.
std::string signed_line(const std::string& line) {
    return line + "\n{\"algorithm\":\"ed25519\",\"publicKey\":\"" +
           base64_text(ed25519_public_key(kSeed)) + "\",\"signature\":\"" +
           base64_text(ed25519_sign(kSeed, line)) + "\"}\n";
}

TEST(StatementJson, VerifiesWhatWasSigned) {
    const auto file = signed_statement(statement(), kSeed);
    const auto verified = verify_statement(file, "");
    ASSERT_TRUE(verified) << verified.error().message;
    EXPECT_EQ(*verified,
              "partner pn_1, 2 transactions, made 1970-01-01T00:00:00.000Z\n"
              "partner:pn_1:pending usd: 5.00\nsigned with " +
                  base64_text(ed25519_public_key(kSeed)) + "\n");
    EXPECT_TRUE(verify_statement(file, base64_text(ed25519_public_key(kSeed))));
}

TEST(StatementJson, FindsWhatWasChanged) {
    const auto file = signed_statement(statement(), kSeed);
    auto uneven = statement();
    uneven.balances[0].amount = 501;
    auto silent = statement();
    silent.balances.clear();
    struct Row {
        std::string file;
        std::string key;
        std::string message;
    };
    const Row rows[] = {
        {replaced(file, ":300,", ":900,"), "",
         "The signature does not belong to this statement: one of them was changed."},
        {replaced(file, "\"signature\":\"", "\"signature\":\"AAAA"), "",
         "The signature does not belong to this statement: one of them was changed."},
        {file, "abc",
         "It was signed with the key " + base64_text(ed25519_public_key(kSeed)) +
             ", not with abc."},
        {"{}", "", "The file has no second line: it is no statement."},
        {"{}\nx\n", "", "The second line is no signature."},
        {file.substr(0, file.find('\n') / 2), "",
         "The file has no second line: it is no statement."},
        {file.substr(0, file.size() - 40), "", "The second line is no signature."},
        {replaced(file, "\"ed25519\"", "\"none\""), "",
         "It is signed by \"none\", and only \"ed25519\" is known."},
        {signed_statement(uneven, kSeed), "",
         "The balance of partner:pn_1:pending usd is 501, but its postings add up to 500."},
        {signed_statement(silent, kSeed), "",
         "The postings of partner:pn_1:pending usd add up to 500, but it has no balance."},
    };
    for (const auto& row : rows) {
        const auto verified = verify_statement(row.file, row.key);
        ASSERT_FALSE(verified);
        EXPECT_EQ(verified.error().message, row.message);
    }
}

TEST(StatementJson, NamesWhatASignedLineLacks) {
    const auto with = [](const std::string& members) {
        return R"({"partner":{"id":"pn_1"},"madeAt":"2026-01-01T00:00:00.000Z")" + members + "}";
    };
    const auto with_posting = [&](const std::string& members) {
        return with(R"(,"balances":[],"transactions":[{"postings":[{)" + members + "}]}]");
    };
    const std::string none = "The first line is no statement: ";
    const struct {
        std::string line;
        std::string expected;
    } rows[] = {
        {"x", none + "it is no object of JSON."},
        {"[]", none + "it is no object of JSON."},
        {"{}", none + "the statement has no object \"partner\"."},
        {R"({"partner":1})", none + "partner is no object."},
        {R"({"partner":{}})", none + "partner has no text \"id\"."},
        {R"({"partner":{"id":"pn_1"}})", none + "the statement has no text \"madeAt\"."},
        {with(""), none + "the statement has no list \"transactions\"."},
        {with(R"(,"transactions":[])"), none + "the statement has no list \"balances\"."},
        {with(R"(,"balances":[],"transactions":[1])"), none + "transactions[0] is no object."},
        {with(R"(,"balances":[],"transactions":[{}])"),
         none + "transactions[0] has no list \"postings\"."},
        {with_posting(""), none + "transactions[0].postings[0] has no text \"account\"."},
        {with_posting(R"("account":"a","currency":"xxx1")"),
         "transactions[0].postings[0] is in \"xxx1\", which is no currency."},
        {with_posting(R"("account":"a","currency":"usd","amount":1.5)"),
         none + "transactions[0].postings[0] has no whole number \"amount\"."},
        {with_posting(R"("account":"a","currency":"usd","amount":9223372036854775808)"),
         none + "transactions[0].postings[0] has no whole number \"amount\"."},
        {with_posting(R"("account":"a","currency":"usd","amount":1)"),
         "The postings of transactions[0] come to 1 usd and not to 0."},
        {with_posting(R"("account":"a","currency":"usd","amount":9223372036854775807},)"
                      R"({"account":"a","currency":"usd","amount":1)"),
         "The postings of usd add up to more than there is."},
        {with(R"(,"transactions":[],"balances":[{"account":"a","currency":"usd"}])"),
         none + "balances[0] has no whole number \"amount\"."},
        {with(R"(,"transactions":[],"balances":[])"), ""},
    };
    for (const auto& row : rows) {
        const auto verified = verify_statement(signed_line(row.line), "");
        EXPECT_EQ(verified ? "" : verified.error().message, row.expected) << row.line;
    }
}

TEST(StatementJson, ReadsKeys) {
    const auto key = base64_text(ed25519_public_key(kSeed));
    const std::string refusal =
        "The file of the key holds no key: 32 bytes in base64, or the answer of GET /ledger/key.";
    const struct {
        std::string file;
        std::string expected;
    } rows[] = {
        {key, key},
        {" " + key + "\n", key},
        {R"({"algorithm":"ed25519","publicKey":")" + key + "\"}\n", key},
        {"", "The file of the key is empty."},
        {"AAAA", refusal},
        {"{", refusal},
        {"{}", refusal},
        {"not base64!", refusal},
    };
    for (const auto& row : rows) {
        const auto read = read_public_key(row.file);
        EXPECT_EQ(read ? *read : read.error().message, row.expected) << row.file;
    }
}

}  // namespace
}  // namespace hw
