// SPDX-License-Identifier: Apache-2.0
#include "core/payment_connections.hpp"

#include "base/limits.hpp"
#include "tests/fixture/engine_test.hpp"

namespace hw {
namespace {

class PaymentConnectionsCoreTest : public EngineTest {
  protected:
    PaymentConnectionsCoreTest() { db = open({.url = url}); }

    Result<PaymentConnection> make(const NewPaymentConnection& input) {
        return write([&](Tx& tx) { return create_payment_connection(tx, input); });
    }
    std::string secret(const std::string& name) {
        return "whsec_of_somebody_" + name + "_" + workspace_id;
    }
    std::vector<std::string> secrets_of(const PaymentConnection& connection) {
        return *read([&](Tx& tx) -> Result<std::vector<std::string>> {
            std::vector<std::string> secrets;
            for (const auto& each : list_payment_secrets(tx, connection)) {
                secrets.push_back(each.secret);
            }
            return secrets;
        });
    }
};

TEST_P(PaymentConnectionsCoreTest, TheIdIsLongAndItsOwn) {
    NewPaymentConnection input;
    input.provider = "stripe";
    const auto a = make(input);
    const auto b = make(input);
    ASSERT_TRUE(a && b);
    EXPECT_EQ(a->connection_id.size(), 32U);
    EXPECT_NE(a->connection_id, b->connection_id);
    input.connection_id = a->connection_id;
    EXPECT_EQ(make(input).error().reason, "connection_exists");
    input.connection_id = "no/path";
    EXPECT_EQ(make(input).error().reason, "invalid_connection");
    input.connection_id = std::string(limits::kPaymentConnectionIdMax + 1, 'a');
    EXPECT_EQ(make(input).error().reason, "invalid_connection");
}

TEST_P(PaymentConnectionsCoreTest, SecretsInTheirOrder) {
    NewPaymentConnection input;
    input.provider = "stripe";
    input.secrets = {secret("now"), secret("before")};
    const auto made = make(input);
    ASSERT_TRUE(made);
    EXPECT_EQ(secrets_of(*made), input.secrets);
    const auto rotated = write([&](Tx& tx) {
        return rotate_payment_secret(tx, made->connection_id, secret("next"), 1'000);
    });
    ASSERT_TRUE(rotated);
    EXPECT_EQ(secrets_of(*made), (std::vector<std::string>{secret("next"), secret("now")}));
    env.advance_ms(1'001);
    EXPECT_EQ(secrets_of(*made), (std::vector<std::string>{secret("next")}));
}

HW_ON_BOTH_ENGINES(PaymentConnectionsCoreTest);

}  // namespace
}  // namespace hw
