// SPDX-License-Identifier: Apache-2.0
#include "core/payment_accounts.hpp"

#include "base/fault.hpp"
#include "base/limits.hpp"
#include "core/payment_connections.hpp"
#include "tests/fixture/engine_test.hpp"

namespace hw {
namespace {

class PaymentAccountsTest : public EngineTest {
  protected:
    PaymentAccountsTest() {
        platform = connect("stripe");
        shop = connect("stripe");
        account = "acct_of_" + workspace_id;  // the directory is the whole server's
    }
    PaymentConnection connect(const std::string& provider) {
        NewPaymentConnection input;
        input.provider = provider;
        const auto made = write([&](Tx& tx) { return create_payment_connection(tx, input); });
        HW_ASSERT(made.has_value());
        return *made;
    }
    template <class F>
    auto as_operator(F work) {
        using R = decltype(work(std::declval<Tx&>()));
        return db->write_now<typename R::value_type>(std::string(kOperator), std::move(work));
    }
    std::string assign(const std::string& id, const PaymentConnection& to, const std::string& via) {
        const AssignAccount input{
            .account_id = id, .connection_id = to.connection_id, .via_connection_id = via};
        const auto done = as_operator([&](Tx& tx) { return assign_payment_account(tx, input); });
        return done ? "assigned" : done.error().reason;
    }
    // What a delivery that `via` vouches for and that names the account belongs to.
    std::string belongs(const PaymentConnection& via, const std::string& id) {
        const auto found = as_operator([&](Tx& tx) -> Result<PaymentConnection> {
            return connection_of_account(tx, via, id);
        });
        if (found->connection_id == platform.connection_id) return "platform";
        return found->connection_id == shop.connection_id ? "shop" : "another";
    }

    PaymentConnection platform;
    PaymentConnection shop;
    std::string account;
};

TEST_P(PaymentAccountsTest, OnlyThePlatformIsBelieved) {
    const auto stranger = connect("stripe");
    EXPECT_EQ(belongs(platform, account), "platform");
    ASSERT_EQ(assign(account, shop, platform.connection_id), "assigned");
    EXPECT_EQ(belongs(platform, account), "shop");
    EXPECT_EQ(belongs(platform, ""), "platform");
    EXPECT_EQ(belongs(platform, account + "x"), "platform");
    EXPECT_EQ(belongs(stranger, account), "another") << "whoever has a secret can sign any account";
    const auto gone =
        write([&](Tx& tx) { return delete_payment_connection(tx, shop.connection_id); });
    ASSERT_TRUE(gone);
    EXPECT_EQ(belongs(platform, account), "platform");
}

TEST_P(PaymentAccountsTest, AnAccountBelongsToOne) {
    const auto paddle = connect("paddle");
    const auto& via = platform.connection_id;
    struct Case {
        std::string account_id;
        PaymentConnection to;
        std::string via;
        std::string expected;
    };
    const Case cases[] = {
        {account, shop, via, "assigned"},
        {account, shop, via, "assigned"},
        {account, platform, via, "account_taken"},
        {account, shop, shop.connection_id, "account_taken"},
        {account + "2", paddle, via, "invalid_account"},
        {account + "2", shop, "nobody", "connection_not_found"},
        {"", shop, via, "invalid_account"},
        {"a b", shop, via, "invalid_account"},
        {std::string(limits::kPaymentAccountIdMax + 1, 'a'), shop, via, "invalid_account"},
    };
    for (const auto& row : cases) {
        EXPECT_EQ(assign(row.account_id, row.to, row.via), row.expected) << row.account_id;
    }
    const auto remove = [&] {
        const auto done =
            as_operator([&](Tx& tx) { return remove_payment_account(tx, "stripe", account); });
        return done ? "removed" : done.error().reason;
    };
    EXPECT_EQ(remove(), "removed");
    EXPECT_EQ(remove(), "account_not_found");
    EXPECT_EQ(belongs(platform, account), "platform");
}

HW_ON_BOTH_ENGINES(PaymentAccountsTest);

}  // namespace
}  // namespace hw
