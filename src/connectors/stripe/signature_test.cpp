// SPDX-License-Identifier: Apache-2.0
#include "connectors/stripe/signature.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "tests/fixture/stripe_fixtures.hpp"

namespace hw::stripe {
namespace {

TEST(SignatureTest, Cases) {
    const auto cases = read_fixture_json("signature_cases.json");
    const auto manifest = read_fixture_json("manifest.json");
    const auto& signing = manifest.at("signing");
    const std::vector<std::string> secrets{std::string(signing.at("secret").as_string()),
                                           std::string(signing.at("old_secret").as_string())};
    const auto body = read_fixture(std::string(cases.at("file").as_string()));
    const auto now_ms = cases.at("now").as_int64() * 1000;
    ASSERT_GT(cases.at("cases").as_array().size(), 10U);
    for (const auto& each : cases.at("cases").as_array()) {
        const auto verdict = verify_signature(each.at("header").as_string(), body, secrets, now_ms);
        std::string seen = "reject:" + (verdict ? "" : verdict.error().reason);
        if (verdict) seen = *verdict == 0 ? "accept" : "accept_with_old_secret";
        EXPECT_EQ(seen, each.at("verdict").as_string()) << each.at("name").as_string();
    }
}

TEST(SignatureTest, EveryFixture) {
    const auto manifest = read_fixture_json("manifest.json");
    const std::vector<std::string> secrets{
        std::string(manifest.at("signing").at("secret").as_string())};
    for (const auto& each : manifest.at("fixtures").as_array()) {
        const auto& signature = each.at("signature");
        const auto body = read_fixture(std::string(each.at("file").as_string()));
        const auto at_ms = signature.at("t").as_int64() * 1000;
        const auto header = std::string(signature.at("header").as_string());
        EXPECT_TRUE(verify_signature(header, body, secrets, at_ms)) << each.at("file");
        EXPECT_FALSE(verify_signature(header, body + "\n", secrets, at_ms));
        EXPECT_EQ(sign(body, secrets.front(), signature.at("t").as_int64()), header);
    }
}

TEST(SignatureTest, Borders) {
    const std::string secret = "whsec_a";
    const std::vector<std::string> secrets{"", secret};
    const std::string body = "{}";
    constexpr std::int64_t kAtS = 1'760'000'000;
    const auto good = sign(body, secret, kAtS);
    std::string many = good;
    for (int i = 0; i < 10; ++i) many += ",v1=00";
    const std::string of_nothing = sign(body, "", kAtS);
    struct Row {
        std::string header;
        std::int64_t age_s;
        std::string expected;
    };
    const Row rows[] = {
        {good, 0, ""},
        {" " + good + " , v9=x", 0, ""},
        {good, 300, ""},
        {good, 301, "timestamp_too_old"},
        {good, -300, ""},
        {good, -301, "timestamp_in_future"},
        {many, 0, "too_many_signatures"},
        {good + ",t=1", 0, "malformed"},
        {"t=,v1=00", 0, "malformed"},
        {"t=123456789012,v1=00", 0, "malformed"},
        {"t=-1,v1=00", 0, "malformed"},
        {"v1=00", 0, "malformed"},
        {"  ", 0, "missing_signature"},
        {"t=1760000000", 0, "no_v1"},
        {of_nothing, 0, "no_match"},  // an empty secret signs nothing
    };
    for (const auto& row : rows) {
        const auto seen = verify_signature(row.header, body, secrets, (kAtS + row.age_s) * 1000);
        EXPECT_EQ(seen ? "" : seen.error().reason, row.expected) << row.header;
    }
}

}  // namespace
}  // namespace hw::stripe
