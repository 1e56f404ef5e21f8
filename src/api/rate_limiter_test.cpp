// SPDX-License-Identifier: Apache-2.0
#include "api/rate_limiter.hpp"

#include <fmt/format.h>

#include "tests/fixture/track_api_test.hpp"

namespace hw {
namespace {

constexpr std::int64_t kMinuteMs = 60'000;
constexpr std::int64_t kBegin = 1'790'000'040'000;  // of a minute
constexpr auto kKey = RateClass::Key;
static_assert(kBegin % kMinuteMs == 0);

TEST(RateLimiter, TheWindowSlides) {
    RateLimiter limiter({.key = 10}, 1);
    struct Row {
        std::int64_t at_ms;  // after kBegin
        std::int64_t requests;
        std::int64_t allowed;
        std::int64_t remaining;
        std::int64_t retry_after_s;  // of the last one
    };
    const Row rows[] = {
        {0, 4, 4, 6, 0},          {30'000, 6, 6, 0, 0},
        {30'001, 3, 0, 0, 30},  // from the next minute on the oldest leave, one by one
        {59'999, 1, 0, 0, 1},     {60'000, 1, 0, 0, 1},  // all ten still count
        {60'001, 2, 1, 0, 6},                            // the first one has left
        {66'001, 1, 1, 0, 0},                            // and another
        {90'000, 9, 3, 0, 1},                            // five of ten have left, two came
        {150'000, 9, 8, 0, 7},                           // half of five, and less than half counts
        {300'000, 11, 10, 0, 61},
    };
    for (const auto& row : rows) {
        RateVerdict last;
        std::int64_t allowed = 0;
        for (int i = 0; i < row.requests; ++i) {
            last = limiter.count(kKey, "ann", kBegin + row.at_ms);
            allowed += last.allowed() ? 1 : 0;
        }
        EXPECT_EQ(allowed, row.allowed) << row.at_ms;
        EXPECT_EQ(last.remaining, row.remaining) << row.at_ms;
        EXPECT_EQ(last.retry_after_s, row.retry_after_s) << row.at_ms;
        EXPECT_EQ(last.limit, 10);
        EXPECT_EQ(last.reset_at_ms, kBegin + (row.at_ms / kMinuteMs + 1) * kMinuteMs);
    }
}

// Whoever waits as long as the answer says is let in, and the answer does not say much too long.
TEST(RateLimiter, RetryAfterIsTheTruth) {
    TestEnv env(7);
    for (int round = 0; round < 200; ++round) {
        const auto limit = static_cast<std::int64_t>(env.random_64() % 40 + 1);
        RateLimiter limiter({.key = limit}, env.random_64());
        auto now_ms = kBegin;
        for (int i = 0; i < 200; ++i) {
            now_ms += static_cast<std::int64_t>(env.random_64() % 5'000);
            const auto verdict = limiter.count(kKey, "ann", now_ms);
            if (verdict.allowed()) continue;
            now_ms += verdict.retry_after_s * 1'000;
            EXPECT_TRUE(limiter.count(kKey, "ann", now_ms).allowed()) << limit << " " << round;
            EXPECT_LE(verdict.retry_after_s, 120);
        }
    }
}

TEST(RateLimiter, WhoIsCountedTogether) {
    RateLimiter limiter({.key = 1, .analytics = 1, .address = 1, .redirect = 0}, 1);
    struct Row {
        RateClass rate_class;
        std::string_view who;
        bool allowed;
    };
    const Row rows[] = {
        {kKey, "ann", true},
        {kKey, "ann", false},
        {kKey, "bob", true},
        {RateClass::Analytics, "ann", true},
        {RateClass::Address, "ann", true},
        {RateClass::Address, "192.0.2.1", true},
        {RateClass::Address, "192.0.2.2", true},
        {RateClass::Address, "192.0.2.1", false},
        {RateClass::Address, "2001:db8::1", true},
        {RateClass::Address, "2001:db8::ffff:2", false},
        {RateClass::Address, "2001:db8:0:1::1", true},
        {RateClass::Address, "", true},
        {RateClass::Redirect, "192.0.2.1", true},
        {RateClass::Redirect, "192.0.2.1", true},
        {RateClass::Publishable, "dub_pk_x", true},
    };
    for (const auto& row : rows) {
        EXPECT_EQ(limiter.count(row.rate_class, row.who, kBegin).allowed(), row.allowed) << row.who;
    }
}

TEST(RateLimiter, AFloodOfAddressesDoesNotFreeWhoWasRefused) {
    constexpr std::size_t kBytes = 64 * 1024;
    RateLimiter limiter({.address = 5}, 1, kBytes);
    for (int i = 0; i < 5; ++i) limiter.count(RateClass::Address, "192.0.2.1", kBegin);
    for (int i = 0; i < 100'000; ++i) {
        limiter.count(RateClass::Address,
                      fmt::format("10.{}.{}.{}", i >> 16, i >> 8 & 255, i & 255), kBegin);
    }
    EXPECT_FALSE(limiter.count(RateClass::Address, "192.0.2.1", kBegin).allowed());
}

class RateLimitApiTest : public TrackApiTest {
  protected:
    RateLimitApiTest() { env.set_now_ms(kBegin); }
    void limit(RateLimits limits) { restart({.rate_limits = limits}); }
};

TEST_P(RateLimitApiTest, PageViewsAreCountedByTheHour) {
    limit({.ingest = 2});
    for (const int expected : {401, 401, 429}) {
        EXPECT_EQ(send("POST", "/api/ingest", R"({"type":"event","data":{}})").status, expected);
    }
    const auto refused = send("POST", "/api/ingest", "{}");
    EXPECT_EQ(refused.body, R"({"message":"Too many requests."})");
    const auto wait_s = std::stoll(header_of(refused, "Retry-After"));
    EXPECT_GT(wait_s, 60);
    EXPECT_LE(wait_s, 7'200);
    // Shops tell of revenue from one address.
    EXPECT_EQ(send("POST", "/api/revenue", "{}").status, 401);
    env.advance_ms(wait_s * 1'000);
    EXPECT_EQ(send("POST", "/api/ingest", "{}").status, 401);
}

TEST_P(RateLimitApiTest, RefusesByTextAndHeaders) {
    limit({.key = 2});
    const auto first = send("GET", "/links");
    EXPECT_EQ(first.status, 200);
    EXPECT_EQ(header_of(first, "X-RateLimit-Limit"), "2");
    EXPECT_EQ(header_of(first, "X-RateLimit-Remaining"), "1");
    EXPECT_EQ(header_of(first, "X-RateLimit-Reset"), std::to_string(kBegin + kMinuteMs));
    EXPECT_EQ(header_of(first, "Retry-After"), "");
    EXPECT_EQ(header_of(send("GET", "/links/nope"), "X-RateLimit-Remaining"), "0");
    env.advance_ms(20'000);
    const auto refused = send("GET", "/links");
    EXPECT_EQ(refused.status, 429);
    EXPECT_EQ(refused.body,
              R"({"error":{"code":"rate_limit_exceeded","message":"Too many requests.",)"
              R"("doc_url":"https://dub.co/docs/api-reference/errors#rate-limit_exceeded"}})");
    EXPECT_EQ(header_of(refused, "X-RateLimit-Limit"), "2");
    EXPECT_EQ(header_of(refused, "X-RateLimit-Remaining"), "0");
    EXPECT_EQ(header_of(refused, "Retry-After"), "41");
    // Another key is another caller.
    EXPECT_EQ(
        send("GET", "/links", {}, {{"Authorization", "Bearer " + make_api_key("apis.all")}}).status,
        200);
    env.advance_ms(40'000);
    EXPECT_EQ(send("GET", "/links").status, 429);
    env.advance_ms(1'000);
    EXPECT_EQ(send("GET", "/links").status, 200);
}

TEST_P(RateLimitApiTest, TrackIsCountedApartAndRefusalsAreNotLogged) {
    limit({.key = 1, .track_key = 2});
    const Object body{{"customerExternalId", "ann"}, {"amount", 1}};
    const auto first = sale(body);
    EXPECT_EQ(first.status, 200);
    EXPECT_EQ(header_of(first, "X-RateLimit-Limit"), "");
    EXPECT_EQ(header_of(sale({}), "X-RateLimit-Limit"), "2");
    EXPECT_EQ(outcome(sale(body)), "429 Too many requests.");
    EXPECT_EQ(outcome(lead(body)), "429 Too many requests.");
    EXPECT_EQ(send("GET", "/links").status, 200);
    EXPECT_EQ(send("GET", "/links").status, 429);
    EXPECT_EQ(log().size(), 2U);
}

TEST_P(RateLimitApiTest, AddressesWithoutAKey) {
    limit({.address = 3});
    make_link("page");
    const Object click{{"domain", domain}, {"key", "page"}};
    const Headers nobody{{"Authorization", ""}};
    const Headers guess{{"Authorization", "Bearer dub_guess1"}};
    EXPECT_EQ(post("/track/click", click, nobody).status, 200);
    EXPECT_EQ(send("GET", "/links", {}, guess).status, 401);
    EXPECT_EQ(send("GET", "/links", {}, guess).status, 401);  // known to be nobody's: free
    EXPECT_EQ(send("GET", "/links", {}, {{"Authorization", "Bearer dub_guess2"}}).status, 401);
    EXPECT_EQ(send("GET", "/links", {}, {{"Authorization", "Bearer dub_guess3"}}).status, 429);
    const auto refused = post("/track/click", click, nobody);
    EXPECT_EQ(outcome(refused), "429 Too many requests.");
    EXPECT_EQ(header_of(refused, "Access-Control-Allow-Origin"), "*");
    EXPECT_EQ(header_of(refused, "Retry-After"), "61");
    // Nobody else is refused: not who is elsewhere, who looks at links, or who asks how we are.
    EXPECT_EQ(send("GET", "/livez").status, 200);
    EXPECT_EQ(send("GET", "/script.js").status, 200);
    EXPECT_EQ(send("GET", "/page", {}, {{"Host", domain}}).status, 302);
    client_ip = "192.0.2.11";
    EXPECT_EQ(post("/track/click", click, nobody).status, 200);
}

TEST_P(RateLimitApiTest, RedirectsWhenAskedFor) {
    limit({.redirect = 1});
    make_link("page");
    EXPECT_EQ(send("GET", "/page", {}, {{"Host", domain}}).status, 302);
    EXPECT_EQ(send("GET", "/page", {}, {{"Host", domain}}).status, 429);
    limit({.redirect = 0});
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(send("GET", "/page", {}, {{"Host", domain}}).status, 302);
    }
}

TEST_P(RateLimitApiTest, ZeroIsOff) {
    limit({.key = 0, .track_key = 0, .address = 0});
    for (int i = 0; i < 20; ++i) {
        const auto answer = send("GET", "/links");
        EXPECT_EQ(answer.status, 200);
        EXPECT_EQ(header_of(answer, "X-RateLimit-Limit"), "");
    }
}

HW_ON_BOTH_ENGINES(RateLimitApiTest);

}  // namespace
}  // namespace hw
