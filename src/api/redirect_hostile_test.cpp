// SPDX-License-Identifier: Apache-2.0
// Hundreds of destinations and keys made to break out: no answer leads where its owner did not
// say, and none carries a header of somebody else.
#include <random>

#include "api/redirect.hpp"
#include "base/percent.hpp"
#include "base/url.hpp"
#include "base/utf8.hpp"
#include "tests/fixture/track_api_test.hpp"

namespace hw {
namespace {

constexpr int kCases = 300;

const std::vector<std::string> kPieces = {
    "\r\n",
    "%0d%0a",
    "%0D%0ASet-Cookie:a=b",
    "\r\nX-Evil: 1",
    "@evil.example",
    "//",
    "/\\",
    "\\",
    "%5c",
    "%2f%2f",
    "%00",
    std::string(1, '\0'),
    "\t",
    "%09",
    "%E2%80%AE",
    "\xE2\x80\xAE",
    "\xFF",
    "b\xC3\xBC"
    "cher.example",
    "xn--bcher-kva.example",
    "..",
    "/../",
    "%2e%2e/",
    "?",
    "#",
    ";",
    ":",
    "evil.example",
    "http:",
    "javascript:",
    "data:text/html,",
    "%6aavascript:",
    "&",
    "=",
    "\"><script>",
    "user:pass@",
    "[::1]",
    " ",
    "%20",
    "shop.example",
    "https://",
};

// What every header of every answer must be.
void expect_clean(const Response& answer, const std::string& what) {
    for (const auto& [name, value] : answer.headers) {
        EXPECT_EQ(value.find_first_of(std::string_view("\r\n\0", 3)), std::string::npos) << what;
        EXPECT_NE(name, "X-Evil") << what;
    }
}

class HostileRedirectTest : public TrackApiTest {
  protected:
    std::string hostile(int most) {
        std::string text;
        const auto count = 1 + generator_() % static_cast<unsigned>(most);
        for (unsigned i = 0; i < count; ++i) text += kPieces[generator_() % kPieces.size()];
        return text;
    }
    Response visit(const std::string& target) {
        return send("GET", target, {}, {{"Host", domain}, {"Authorization", ""}});
    }

    const std::uint64_t seed_ = std::random_device{}();
    const ::testing::ScopedTrace trace_{__FILE__, __LINE__, std::to_string(seed_)};
    std::mt19937_64 generator_{seed_};
};

TEST_P(HostileRedirectTest, KeysAndQueriesLeadNowhereElse) {
    make_link("k", "https://shop.example/landing");
    for (int i = 0; i < kCases; ++i) {
        const auto query = hostile(6);
        for (const auto& target : {"/k?" + query, "/k?redir_url=" + query, "/" + hostile(4),
                                   "/k?redir_url=" + percent_encode_component(query)}) {
            const auto answer = visit(target);
            expect_clean(answer, target);
            const auto location = header_of(answer, "Location");
            const bool own = location.empty() || location == "/?dub-no-track=1" ||
                             host_of(location) == "shop.example";
            EXPECT_TRUE(own) << target << " -> " << location;
            EXPECT_FALSE(location.starts_with("//")) << target;
        }
    }
}

// A destination is the owner's choice; it has to be a whole address of a harmless kind, or nothing.
TEST_P(HostileRedirectTest, DestinationsAreWholeAddressesOrNothing) {
    for (int i = 0; i < kCases; ++i) {
        auto link = make_link("d" + std::to_string(i));
        // The database takes no other text.
        auto text = valid_utf8((i % 2 == 0 ? "https://shop.example/" : "") + hostile(5));
        std::erase(text, '\0');
        const auto before = link;
        link.url = text;
        EXPECT_TRUE(write([&](Tx& tx) -> Result<bool> {
            update_link(tx, link, before);
            return true;
        }));
        const auto answer = visit("/d" + std::to_string(i));
        expect_clean(answer, text);
        const auto location = header_of(answer, "Location");
        EXPECT_FALSE(answer.body.contains("<script")) << text;
        EXPECT_FALSE(answer.body.contains("url=javascript")) << text;
        if (location.empty()) continue;
        const auto wanted = normalize_destination(text);
        ASSERT_TRUE(wanted.has_value()) << text << " -> " << location;
        EXPECT_EQ(host_of(location), host_of(*wanted)) << text;
        EXPECT_TRUE(location.starts_with("https://") || location.starts_with("http://")) << text;
    }
}

HW_ON_BOTH_ENGINES(HostileRedirectTest);

}  // namespace
}  // namespace hw
