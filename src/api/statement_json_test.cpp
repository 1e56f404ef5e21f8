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

}  // namespace
}  // namespace hw
