// SPDX-License-Identifier: Apache-2.0
#include "api/admit_page.hpp"

#include "tests/fixture/track_api_test.hpp"

namespace hw {
namespace {

class AdmitPageTest : public TrackApiTest {
  protected:
    // "admitted KEY", "refused REASON" or the message of the error.
    std::string admit(NamedLink named, const std::string& origin) {
        headers_ = {{"Origin", origin}};
        Request request{};
        request.headers = headers_;
        std::promise<std::string> told;
        admit_page(*api, request, std::move(named), [&](Result<AdmittedPage> page) {
            if (!page) return told.set_value(page.error().message);
            told.set_value(page->refused ? "refused " + page->refused->reason
                                         : "admitted " + page->link->key);
        });
        return told.get_future().get();
    }

  private:
    std::vector<Header> headers_;  // of the request last sent
};

TEST_P(AdmitPageTest, TheLinkThenTheHost) {
    make_link("one");
    const NamedLink one{domain, "ONE", "one"};
    EXPECT_EQ(admit(one, ""), "admitted one") << "while no list is made";
    allow_hosts({"shop.example"});
    struct Row {
        NamedLink named;
        std::string origin;
        std::string expected;
    };
    const Row rows[] = {
        {one, "https://shop.example", "admitted one"},
        {one, "https://evil.example", "refused hostname_not_allowed"},
        {one, "", "refused hostname_not_allowed"},
        {{domain, "TWO", "two"},
         "https://evil.example",
         "Link not found for domain: " + domain + " and key: TWO."},
        {{"x.example", "one", "one"},
         "https://shop.example",
         "Link not found for domain: x.example and key: one."},
    };
    for (const auto& row : rows) EXPECT_EQ(admit(row.named, row.origin), row.expected);
}

HW_ON_BOTH_ENGINES(AdmitPageTest);

}  // namespace
}  // namespace hw
