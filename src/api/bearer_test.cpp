// SPDX-License-Identifier: Apache-2.0
#include "api/bearer.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace hw {
namespace {

constexpr std::string_view kMisconfigured =
    "400 Misconfigured authorization header. Did you forget to add 'Bearer '? Learn more: "
    "https://d.to/auth";

// The key, or the refusal as "status text".
std::string outcome(const Result<std::string_view>& read) {
    if (read) return std::string(*read);
    const auto* status = read.error().code == ErrorCode::BadRequest ? "400 " : "401 ";
    return status + read.error().message;
}

std::string sent(Result<std::string_view> (*read)(const Request&), std::string_view header) {
    const std::array headers{Header{"authorization", header}};
    Request request{};
    if (!header.empty()) request.headers = headers;
    return outcome(read(request));
}

TEST(Bearer, SecretKeys) {
    struct Row {
        std::string_view header;
        std::string_view expected;
    };
    const Row rows[] = {
        {"", "401 Missing Authorization header."},
        {"Bearer dub_x", "dub_x"},
        {"Bearer ", ""},
        {"Bearer", kMisconfigured},
        {"bearer dub_x", kMisconfigured},
        {"Basic dub_x", kMisconfigured},
        {"dub_x", kMisconfigured},
    };
    for (const auto& row : rows) EXPECT_EQ(sent(read_secret_key, row.header), row.expected);
}

TEST(Bearer, PublishableKeys) {
    const std::string malformed = "400 Invalid or missing publishable key.";
    const std::string shortest = "dub_pk_0123456789abcdEF";
    const std::string longest = "dub_pk_" + std::string(62, 'x') + "-_";
    struct Row {
        std::string header;
        std::string expected;
    };
    const Row rows[] = {
        {"", "401 Missing publishable key."},
        {"Bearer " + shortest, shortest},
        {"Bearer " + longest, longest},
        {"Bearer " + longest + "x", malformed},
        {"Bearer " + shortest.substr(0, shortest.size() - 1), malformed},
        {"Bearer dub_pk_", malformed},
        {"Bearer ", malformed},
        {"Bearer  " + shortest, malformed},
        {"Bearer " + shortest + " ", malformed},
        {"Bearer dub_pk_0123456789abcdE.", malformed},
        {"Bearer dub_0123456789abcdefghijklmn", malformed},
        {"Bearer DUB_PK_0123456789abcdEF", malformed},
        {"bearer " + shortest, malformed},
        {shortest, malformed},
    };
    for (const auto& row : rows) EXPECT_EQ(sent(read_publishable_key, row.header), row.expected);
}

TEST(Bearer, Scopes) {
    struct Row {
        std::string_view scopes;
        std::string_view wanted;
        bool expected;
    };
    const Row rows[] = {
        {"links.read", "links.read", true},
        {"tags.read links.read", "links.read", true},
        {"apis.all", "links.write", true},
        {"apis.read", "links.read", true},
        {"apis.read", "links.write", false},
        {"links.read", "links.write", false},
        {"links.readers", "links.read", false},
        {"links", "links.read", false},
        {"", "links.read", false},
        {"  ", "links.read", false},
    };
    for (const auto& row : rows) {
        EXPECT_EQ(has_scope(row.scopes, row.wanted), row.expected) << row.scopes;
    }
}

}  // namespace
}  // namespace hw
