// SPDX-License-Identifier: Apache-2.0
#include "api/html.hpp"

#include "tests/fixture/engine_test.hpp"

namespace hw {
namespace {

TEST(Html, Escapes) {
    EXPECT_EQ(html_escaped("<a href=\"x\">'&amp;'</a>"),
              "&lt;a href=&quot;x&quot;&gt;&#39;&amp;amp;&#39;&lt;/a&gt;");
}

TEST(Html, PagesAllowTheirOwnStyleAndNothingElse) {
    TestEnv env;
    const auto page = html_page(410, "a<b", "<p>x</p>", env);
    EXPECT_EQ(page.status, 410);
    EXPECT_TRUE(page.body.contains("<title>a&lt;b</title>"));
    EXPECT_TRUE(page.body.contains("<h1>a&lt;b</h1>\n<p>x</p>"));
    EXPECT_FALSE(page.body.contains("<script"));
    const auto policy = page.headers.at(0).second;
    EXPECT_TRUE(policy.starts_with("default-src 'none'; style-src 'nonce-"));
    const auto begin = policy.find("nonce-") + 6;
    const auto nonce = policy.substr(begin, policy.find('\'', begin) - begin);
    EXPECT_TRUE(page.body.contains("<style nonce=\"" + nonce + "\">"));
    EXPECT_NE(html_page(200, "", "", env).headers.at(0).second, policy);
}

}  // namespace
}  // namespace hw
