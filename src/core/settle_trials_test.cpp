// SPDX-License-Identifier: Apache-2.0
#include "core/settle_trials.hpp"

#include "store/customers.hpp"
#include "tests/fixture/payment_test.hpp"

namespace hw {
namespace {

class SettleTrialsTest : public PaymentTest {
  protected:
    PaymentFact trial(const std::string& id, const std::string& customer,
                      const std::string& slug = "") {
        PaymentFact fact;
        fact.fact_key = "e_" + id;
        fact.kind = "subscription";
        fact.anchor_id = fact.subscription_id = id;
        fact.customer_id = customer;
        fact.status = "trialing";
        fact.at_ms = env.now_ms();
        fact.evidence.link_slug = slug;
        return fact;
    }
    PaymentFact first_invoice(const std::string& subscription, const std::string& customer) {
        auto fact = paid("e_in_" + subscription, "invoice", "in_" + subscription);
        fact.subscription_id = subscription;
        fact.customer_id = customer;
        fact.reason = "subscription_cycle";
        return fact;
    }
    // "leads/sales of the link, of all"
    std::string counts() {
        const auto of_link = totals(link);
        const auto all = rows();
        return std::to_string(of_link.leads) + "/" + std::to_string(of_link.sales) + " of " +
               std::to_string(all.leads) + "/" + std::to_string(all.sales);
    }

    Link link = make_link("anna");
};

TEST_P(SettleTrialsTest, ALeadOnceForEverAndThenASale) {
    for (int twice = 0; twice < 2; ++twice) {
        tell({trial("sub_1", "cus_1", "anna")});
        EXPECT_EQ(counts(), "1/0 of 1/0");
    }
    env.advance_ms(14LL * 86'400'000);
    tell({first_invoice("sub_1", "cus_1")});
    EXPECT_EQ(counts(), "1/1 of 1/1");
    tell({trial("sub_2", "cus_1", "anna")});  // once for a customer
    EXPECT_EQ(counts(), "1/1 of 1/1");
    tell({trial("sub_3", "cus_2", "anna")});
    EXPECT_EQ(counts(), "2/1 of 2/1");
}

TEST_P(SettleTrialsTest, ItWaitsForItsLink) {
    tell({trial("sub_1", "cus_1")});
    EXPECT_EQ(counts(), "0/0 of 0/0");
    PaymentFact session;
    session.fact_key = "e_cs";
    session.kind = "session";
    session.anchor_id = session.checkout_id = "cs_1";
    session.subscription_id = "sub_1";
    session.at_ms = env.now_ms();
    session.evidence.link_slug = "anna";
    tell({session});
    EXPECT_EQ(counts(), "1/0 of 1/0");
}

TEST_P(SettleTrialsTest, ItIsOfWhoIsKnown) {
    tell({trial("sub_1", "cus_1", "anna")});
    auto known = trial("sub_2", "cus_2", "anna");
    known.evidence.customer_external_id = "ada";
    tell({known});
    const auto names = *read([&](Tx& tx) -> Result<std::string> {
        std::string text;
        for (const auto* id : {"cus_1", "cus_2", "ada"}) {
            const auto found = find_customer_by_external_id(tx, workspace_id, id);
            text +=
                std::string(id) + (found && found->link_id == link.link_id ? " came; " : " -; ");
        }
        return text;
    });
    EXPECT_EQ(names, "cus_1 came; cus_2 -; ada came; ");
}

TEST_P(SettleTrialsTest, NoneOfTestMoneyOrOfNobody) {
    auto test = trial("sub_1", "cus_1", "anna");
    test.test = true;
    tell({test});
    tell({trial("sub_2", "cus_2", "no-such-link")});
    EXPECT_EQ(counts(), "0/0 of 0/0");
    EXPECT_EQ(rows().customers, 0);
}

HW_ON_BOTH_ENGINES(SettleTrialsTest);

}  // namespace
}  // namespace hw
