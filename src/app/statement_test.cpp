// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "api/statement_json.hpp"
#include "base/base64.hpp"
#include "base/ed25519.hpp"
#include "tests/fixture/headwater_process.hpp"

namespace hw {
namespace {

std::string key_of(char seed) {
    return base64_text(ed25519_public_key(std::string(kEd25519KeyBytes, seed)));
}

std::string statement_file() {
    PartnerStatement made;
    made.partner.partner_id = "pn_1";
    made.balances = {{"partner:pn_1:payable", "usd", 500}};
    LedgerTransaction booked;
    booked.postings = {{"expense:commissions", -500, "usd"}, {"partner:pn_1:payable", 500, "usd"}};
    made.transactions.push_back({booked, {}});
    return signed_statement(made, std::string(kEd25519KeyBytes, 's'));
}

TEST(StatementCommand, TellsWhetherItIsWhole) {
    const TempDir folder;
    const auto whole = statement_file();
    auto changed = whole;
    changed.replace(changed.find("500"), 3, "900");
    write_file(folder / "whole", whole);
    write_file(folder / "changed", changed);
    write_file(folder / "cut", whole.substr(0, whole.size() / 2));
    write_file(folder / "text", "Dear partner,\nwe owe you 5.00\n");
    write_file(folder / "key", key_of('s') + "\n");
    write_file(folder / "answer", R"({"algorithm":"ed25519","publicKey":")" + key_of('s') + "\"}");
    write_file(folder / "other", key_of('o'));
    const struct {
        std::vector<std::string> arguments;
        int exit_code;
        std::string expected;  // part of what it says
    } rows[] = {
        {{folder / "whole"}, 0, "partner:pn_1:payable usd: 5.00\nsigned with " + key_of('s')},
        {{folder / "whole", "--key", folder / "key"}, 0, "partner pn_1, 1 transactions"},
        {{folder / "whole", "--key", folder / "answer"}, 0, "partner pn_1, 1 transactions"},
        {{folder / "whole", "--key", folder / "other"},
         1,
         "whole: It was signed with the key " + key_of('s') + ", not with " + key_of('o')},
        {{folder / "changed"}, 1, "changed: The signature does not belong to this statement"},
        {{folder / "cut"}, 1, "cut: "},
        {{folder / "text"}, 1, "text: The second line is no signature."},
        {{folder / "whole", "--key", folder / "text"}, 2, "text: The file of the key holds no key"},
        {{folder / "none"}, 2, "none: No such file"},
        {{}, 2, "FILE is required"},
    };
    for (const auto& row : rows) {
        std::vector<std::string> arguments = {"statement", "verify"};
        arguments.insert(arguments.end(), row.arguments.begin(), row.arguments.end());
        const auto ran = run_headwater(arguments);
        EXPECT_EQ(ran.exit_code, row.exit_code) << ran.out << ran.err;
        EXPECT_TRUE((ran.out + ran.err).contains(row.expected)) << ran.out << ran.err;
    }
}

}  // namespace
}  // namespace hw
