// SPDX-License-Identifier: Apache-2.0
#include "tests/fixture/track_api_test.hpp"

namespace hw {
namespace {

class ProgramsApiTest : public TrackApiTest {
  protected:
    std::string make(std::string_view path, std::string_view body) {
        env.advance_ms(1);
        const auto made = send("POST", path, body);
        EXPECT_EQ(made.status, 201) << made.body;
        return made.status == 201 ? std::string(json_of(made).at("id").as_string()) : "";
    }
};

TEST_P(ProgramsApiTest, ProgramsAreMadeAndChanged) {
    EXPECT_EQ(send("GET", "/programs").body, "[]");
    const auto id = make("/programs",
                         R"({"name":"My Shop","domain":")" + domain + R"(","url":"shop.example"})");
    struct Row {
        std::string body;
        std::string expected;
    };
    const Row rows[] = {
        {R"({"name":"Other"})", "200 "},
        {R"({"url":null,"minPayoutAmount":5000})", "200 "},
        {R"({"slug":"my-shop"})", "200 "},
        {R"({"slug":"else"})",
         "422 custom: slug: it is 'my-shop' and cannot be changed: leave it out"},
        {R"({"domain":"foreign.example"})", "403 Domain does not belong to workspace."},
        {R"({"name":" "})",
         "422 too_small: name: Too small: expected string to have >=1 characters"},
        {R"({"minPayoutAmount":-1})",
         "422 too_small: minPayoutAmount: Too small: expected number to be >=0"},
    };
    for (const auto& row : rows) {
        const auto answer = outcome(send("PATCH", "/programs/" + id, row.body));
        EXPECT_TRUE(answer.starts_with(row.expected)) << row.body << ": " << answer;
    }
    const auto program = json_of(send("GET", "/programs/" + id));
    EXPECT_EQ(program.at("name").as_string(), "Other");
    EXPECT_EQ(program.at("slug").as_string(), "my-shop");
    EXPECT_EQ(program.at("minPayoutAmount").as_int64(), 5'000);
    EXPECT_TRUE(program.at("url").is_null());
    EXPECT_EQ(outcome(send("POST", "/programs", R"({"name":"My Shop"})")),
              "409 The slug 'my-shop' is already in use. Choose another one.");
    EXPECT_EQ(outcome(send("POST", "/programs", R"({"name":"?"})")).substr(0, 22),
              "422 custom: slug: '' i");
    EXPECT_EQ(outcome(send("POST", "/programs", "{}")),
              "422 invalid_type: name: Invalid input: expected string, received undefined");
    EXPECT_EQ(outcome(send("GET", "/programs/prog_none")), "404 Program not found");
}

TEST_P(ProgramsApiTest, GroupsAreMadeChangedAndDeleted) {
    EXPECT_EQ(outcome(send("GET", "/groups")), "404 Program not found");
    make("/programs", R"({"name":"Shop","domain":")" + domain + R"(","url":"shop.example"})");
    const auto sale = make("/rewards", R"({"event":"sale","amountInPercentage":10})");
    const auto path = "/groups/" + make("/groups", R"({"name":"Gold","holdingPeriodDays":30})");
    struct Row {
        std::string body;
        std::string expected;
    };
    const Row rows[] = {
        {R"({"saleRewardId":")" + sale + R"("})", "200 "},
        {R"({"leadRewardId":")" + sale + R"("})",
         "422 custom: leadRewardId: '" + sale + "' is no lead reward of this programme"},
        {R"({"discountId":"disc_none"})",
         "422 custom: discountId: 'disc_none' is no discount of this programme"},
        {R"({"holdingPeriodDays":31})",
         "422 custom: holdingPeriodDays: 31 days; choose one of 0, 7, 14, 30, 60, 90"},
        {R"({"linkHosts":["https://x"]})",
         "422 custom: linkHosts: 'https://x' is no host: write for example shop.example"},
        {R"({"linkHosts":["Other.example"]})", "200 "},
        {R"({"defaultLinks":[{"url":"https://shop.example"}]})",
         "422 custom: url: The destination host 'shop.example' is not allowed in the group 'Gold': "
         "use one of other.example"},
        {R"({"defaultLinks":[{"url":"https://other.example/x"}]})", "200 "},
        {R"({"defaultLinks":5})",
         "422 invalid_type: defaultLinks: Invalid input: expected array, received number"},
        {R"({"defaultLinks":[5]})",
         "422 invalid_type: defaultLinks[0]: Invalid input: expected object, received number"},
        {R"({"programId":"prog_other"})", "422 custom: programId: the group belongs to"},
    };
    for (const auto& row : rows) {
        const auto answer = outcome(send("PATCH", path, row.body));
        EXPECT_TRUE(answer.starts_with(row.expected)) << row.body << ": " << answer;
    }
    const auto group = json_of(send("GET", path));
    EXPECT_EQ(group.at("saleRewardId").as_string(), sale);
    EXPECT_EQ(group.at("holdingPeriodDays").as_int64(), 30);
    EXPECT_EQ(boost::json::serialize(group.at("defaultLinks")),
              R"([{"domain":")" + domain + R"(","url":"https://other.example/x"}])");
    EXPECT_EQ(json_of(send("GET", "/groups")).as_array().size(), 2U);
    EXPECT_EQ(send("DELETE", path).status, 200);
    EXPECT_EQ(outcome(send("GET", path)), "404 Group not found.");
    const auto left = json_of(send("GET", "/groups")).as_array();
    const std::string basic(left.at(0).at("id").as_string());
    EXPECT_EQ(outcome(send("DELETE", "/groups/" + basic)),
              "409 The default group cannot be deleted: partners begin in it.");
}

HW_ON_BOTH_ENGINES(ProgramsApiTest);

}  // namespace
}  // namespace hw
