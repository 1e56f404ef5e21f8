// SPDX-License-Identifier: Apache-2.0
#include "api/export_conversions.hpp"

#include "tests/fixture/track_api_test.hpp"

namespace hw {
namespace {

class ExportConversionsApiTest : public TrackApiTest {
  protected:
    ExportConversionsApiTest() {
        click = make_click(link);
        lead({{"clickId", click}, {"eventName", "=Sign up"}, {"customerExternalId", "ann"}});
        env.advance_ms(1'000);
        sale({{"customerExternalId", "ann"}, {"amount", 1'999}, {"invoiceId", "i1"}});
        env.advance_ms(1'000);
        sale({{"customerExternalId", "stranger"}, {"amount", 5}, {"invoiceId", "i2"}});
        env.advance_ms(1'000);
    }
    // "event rung reason invoice clicked" of each.
    std::string told(const std::string& query) {
        const auto answer = send("GET", "/conversions/export?format=ndjson" + query);
        if (answer.status != 200) return outcome(answer);
        std::string text;
        for (std::string_view rest = answer.body; !rest.empty();) {
            const auto row = boost::json::parse(rest.substr(0, rest.find('\n')));
            rest.remove_prefix(rest.find('\n') + 1);
            for (const auto* name : {"event", "rung", "confidence", "reason", "invoiceId"}) {
                const auto& value = row.at(name);
                text += value.is_null() ? "-" : std::string(value.as_string());
                text += " ";
            }
            text += row.at("clickId").is_string() ? "clicked; " : "; ";
        }
        return text;
    }

    Link link = make_link("spring");
    std::string click;
};

TEST_P(ExportConversionsApiTest, TellWhatTheyAreAttributedToAndWhy) {
    const struct {
        std::string query;
        std::string expected;
    } rows[] = {
        {"",
         "lead click_id certain  - clicked; sale lead certain  i1 clicked; sale orphan none "
         "no_customer_and_no_click i2 ; "},
        {"&event=leads", "lead click_id certain  - clicked; "},
        {"&event=sales",
         "sale lead certain  i1 clicked; sale orphan none no_customer_and_no_click i2 ; "},
        {"&start=2030-01-01T00:00:00Z&end=2030-02-01T00:00:00Z", ""},
        {"&event=clicks",
         "422 invalid_value: event: Invalid option: expected one of \"leads\"|\"sales\""},
        {"&interval=2w",
         "422 invalid_value: interval: Invalid option: expected one of "
         "\"24h\"|\"7d\"|\"30d\"|\"90d\"|\"1y\"|\"mtd\"|\"qtd\"|\"ytd\"|\"all\""},
    };
    for (const auto& row : rows) EXPECT_EQ(told(row.query), row.expected) << row.query;
    const auto text = send("GET", "/conversions/export").body;
    EXPECT_EQ(text.substr(0, text.find("\r\n")),
              "id,event,eventName,timestamp,customerId,customerExternalId,amount,currency,"
              "convertedAmount,convertedCurrency,paymentProcessor,invoiceId,rung,confidence,reason,"
              "linkId,shortLink,partnerId,clickId,decidedBy,decidedAt,metadata");
    EXPECT_NE(text.find(",lead,'=Sign up,"), std::string::npos);
    EXPECT_NE(text.find("," + link.link_id + ",https://" + domain + "/spring,,"),
              std::string::npos);
    // The decision stays when its link goes.
    remove(link);
    EXPECT_NE(send("GET", "/conversions/export").body.find("," + link.link_id + ",,,"),
              std::string::npos);
}

HW_ON_BOTH_ENGINES(ExportConversionsApiTest);

}  // namespace
}  // namespace hw
