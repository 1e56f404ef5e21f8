// SPDX-License-Identifier: Apache-2.0
#include "core/diagnose_sale.hpp"

#include <algorithm>

#include "base/civil_time.hpp"
#include "core/reattribute_conversion.hpp"
#include "core/record_revenue.hpp"
#include "tests/fixture/program_test.hpp"

namespace hw {
namespace {

class DiagnoseSaleTest : public ProgramTest {
  protected:
    Result<SaleDiagnosis> diagnose(const DiagnoseSale& input) {
        return read([&](Tx& tx) { return diagnose_sale(tx, input); });
    }
    SaleDiagnosis of_link(const std::string& slug) { return *diagnose({.link_slug = slug}); }
    SaleDiagnosis of_sale(const std::string& id) { return *diagnose({.conversion_id = id}); }
    // "code severity" of each finding.
    static Texts findings(const SaleDiagnosis& diagnosis) {
        Texts found;
        for (const auto& finding : diagnosis.findings) {
            found.push_back(finding.code + (finding.is_problem ? " problem" : " note"));
            EXPECT_NE(finding.message, "");
            EXPECT_NE(finding.fix, "");
        }
        return found;
    }
    static std::string outcome(const SaleDiagnosis& diagnosis, std::string_view rung) {
        return std::ranges::find(diagnosis.rungs, rung, &DiagnosedRung::name)->outcome;
    }
    void set_policy(const std::function<void(AttributionPolicy&)>& change) {
        AttributionPolicy policy;
        change(policy);
        put([&](Tx& tx) { put_attribution_policy(tx, workspace_id, policy); });
    }
    std::string paid(const RevenueEvidence& evidence, bool test = false) {
        RecordRevenue revenue;
        revenue.kind = "purchase";
        revenue.payment_ids = {fmt::format("in_{}", ++payments_)};
        revenue.amount = 5'000;
        revenue.currency = "usd";
        revenue.occurred_at_ms = env.now_ms();
        revenue.processor_customer_id = fmt::format("cus_{}", payments_);
        revenue.evidence = evidence;
        revenue.test = test;
        const auto id = write([&](Tx& tx) { return record_revenue(tx, revenue); })->conversion_id;
        env.advance_ms(1);
        return id;
    }

  private:
    int payments_ = 0;
};

TEST_P(DiagnoseSaleTest, ALinkThatWorks) {
    const auto diagnosis = of_link("P1");
    EXPECT_EQ(diagnosis.match.rung, "link_slug");
    EXPECT_EQ(diagnosis.match.link->link_id, link.link_id);
    EXPECT_TRUE(diagnosis.findings.empty()) << findings(diagnosis)[0];
    ASSERT_EQ(diagnosis.rungs.size(), 10U);
    EXPECT_EQ(outcome(diagnosis, "click_id"), "nothing_found");
    EXPECT_EQ(outcome(diagnosis, "link_slug"), "taken");
    EXPECT_EQ(outcome(diagnosis, "workspace_any"), "not_tried");
    const auto text = diagnosis_text(diagnosis);
    EXPECT_TRUE(text.contains("link_slug      taken\n    taken: this one decides")) << text;
    EXPECT_EQ(rows().sales, 0) << "nothing was recorded";
}

TEST_P(DiagnoseSaleTest, AKeyThatNoLinkHas) {
    const auto inferred = of_link("nolink");
    EXPECT_EQ(findings(inferred), (Texts{"link_not_found problem", "inferred note"}));
    EXPECT_EQ(outcome(inferred, "link_slug"), "rejected");
    EXPECT_EQ(outcome(inferred, "workspace_60d"), "taken");
    EXPECT_TRUE(inferred.findings[0].message.contains(domain)) << inferred.findings[0].message;
    set_policy([](AttributionPolicy& policy) { policy.inferred = InferredMatch::Suggest; });
    const auto suggested = of_link("nolink");
    EXPECT_EQ(findings(suggested), (Texts{"link_not_found problem", "suggested problem"}));
    EXPECT_EQ(outcome(suggested, "workspace_60d"), "suggested");
    set_policy([](AttributionPolicy& policy) {
        policy.inferred = InferredMatch::Off;
        policy.rungs["code"] = {.enabled = false, .window_ms = {}};
    });
    const auto off = of_link("nolink");
    EXPECT_EQ(findings(off), (Texts{"link_not_found problem"}));
    EXPECT_EQ(outcome(off, "workspace_60d"), "not_tried");
    EXPECT_EQ(outcome(off, "code"), "off");
}

TEST_P(DiagnoseSaleTest, WhatASaleDidNotTell) {
    set_policy([](AttributionPolicy& policy) {
        policy.inferred = InferredMatch::Off;
        policy.rungs["code"] = {.enabled = false, .window_ms = {}};
    });
    struct Case {
        RevenueEvidence told;
        Texts expected;
    };
    const Case cases[] = {
        {{.click_id = "nosuchclick00000"},
         {"no_lead problem", "click_not_found problem", "rung_off note"}},
        {{.link_slug = "nolink"}, {"no_lead problem", "link_not_found problem", "rung_off note"}},
        {{}, {"no_lead problem", "rung_off note"}},
        {{.link_slug = "p1"}, {}},
    };
    for (const auto& row : cases) {
        EXPECT_EQ(findings(of_sale(paid(row.told))), row.expected)
            << row.told.click_id << row.told.link_slug;
    }
}

TEST_P(DiagnoseSaleTest, SalesByApi) {
    set_policy([](AttributionPolicy& policy) { policy.inferred = InferredMatch::Off; });
    auto sale = sale_of("nobody");
    sale.invoice_id = "in_x";
    tell(sale);
    const auto diagnosis = *diagnose({.invoice_id = "in_x"});
    EXPECT_EQ(findings(diagnosis), (Texts{"no_customer problem"}));
    EXPECT_EQ(diagnosis.standing->rung, "orphan");
    env.advance_ms(1);
    lead("ada", click);
    const auto known = of_sale(sold(sale_of("ada")));
    EXPECT_EQ(outcome(known, "lead"), "taken");
    EXPECT_EQ(outcome(known, "identity_60d"), "not_tried");
    EXPECT_TRUE(known.findings.empty());
}

TEST_P(DiagnoseSaleTest, WhatTheLadderDoesNotTouch) {
    const auto tested = of_sale(paid({.link_slug = "p1"}, true));
    EXPECT_EQ(findings(tested), (Texts{"test_mode note"}));
    const auto other = partner_link("p2", "pn_1");
    const auto id = paid({.link_slug = "p1"});
    put([&](Tx& tx) {
        const ReattributeConversion moved{
            .conversion_id = id, .link_id = other.link_id, .reason = "theirs", .decided_by = "ada"};
        HW_ASSERT(reattribute_conversion(tx, moved).has_value());
    });
    const auto moved = of_sale(id);
    EXPECT_EQ(findings(moved), (Texts{"decided_by_person note"}));
    EXPECT_EQ(moved.match.link->link_id, link.link_id) << "what the ladder says itself";
}

TEST_P(DiagnoseSaleTest, RulesThatChangedSince) {
    const auto id = paid({});
    EXPECT_EQ(of_sale(id).match.rung, "workspace_60d");
    set_policy([](AttributionPolicy& policy) { policy.inferred = InferredMatch::AttributeAndPay; });
    EXPECT_EQ(findings(of_sale(id)), (Texts{"decided_before problem"}));
}

TEST_P(DiagnoseSaleTest, Refusals) {
    lead("ada", click);
    const auto lead_id = *read([&](Tx& tx) -> Result<std::string> {
        const auto ada = find_customer_by_external_id(tx, workspace_id, "ada");
        return find_attributed_lead(tx, workspace_id, ada->customer_id, {}, env.now_ms())->lead_id;
    });
    struct Case {
        DiagnoseSale input;
        std::string message;
    };
    const Case cases[] = {
        {{}, "Name one of linkSlug, invoiceId and conversionId; 0 were named."},
        {{.link_slug = "a", .invoice_id = "b"},
         "Name one of linkSlug, invoiceId and conversionId; 2 were named."},
        {{.invoice_id = "in_none"},
         "There is no invoice in_none: it was never told to this workspace, or under another id. "
         "GET /track/log shows what was told."},
        {{.conversion_id = "sale_x"},
         "There is no conversion sale_x: it was never told to this workspace, or under another id. "
         "GET /track/log shows what was told."},
        {{.conversion_id = lead_id},
         "Conversion " + lead_id +
             " is a lead; name a sale. GET /conversions/{id}/explain tells about leads too."},
    };
    for (const auto& row : cases) {
        const auto refused = diagnose(row.input);
        ASSERT_FALSE(refused.has_value()) << row.message;
        EXPECT_EQ(refused.error().message, row.message);
    }
}

HW_ON_BOTH_ENGINES(DiagnoseSaleTest);

}  // namespace
}  // namespace hw
