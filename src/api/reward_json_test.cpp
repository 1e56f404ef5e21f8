// SPDX-License-Identifier: Apache-2.0
#include "api/reward_json.hpp"

#include <gtest/gtest.h>

namespace hw {
namespace {

std::string outcome(std::string_view body) {
    const auto parsed = parse_exact_object(body);
    if (!parsed) return parsed.error().message;
    const auto reward = read_reward(*parsed);
    if (!reward) return reward.error().message;
    const auto all = reward_json(*reward);
    json::object out;
    for (const auto* name : {"event", "type", "amountInCents", "amountInPercentage", "maxDuration",
                             "spendLimit", "modifiers", "description"}) {
        out[name] = all.at(name);
    }
    return serialize_exact(out);
}

TEST(RewardJson, ReadsAndWrites) {
    struct Row {
        std::string_view body;
        std::string_view expected;
    };
    const Row rows[] = {
        {R"({"event":"sale","type":"percentage","amountInPercentage":12.5,"maxDuration":12})",
         R"({"event":"sale","type":"percentage","amountInCents":null,"amountInPercentage":12.5,)"
         R"("maxDuration":12,"spendLimit":null,"modifiers":[],"description":""})"},
        {R"({"event":"sale","amountInPercentage":"2.90"})",
         R"({"event":"sale","type":"percentage","amountInCents":null,"amountInPercentage":2.9,)"
         R"("maxDuration":null,"spendLimit":null,"modifiers":[],"description":""})"},
        {R"({"event":"lead","amountInCents":5e2,"maxDuration":null,"description":"D"})",
         R"({"event":"lead","type":"flat","amountInCents":500,"amountInPercentage":null,)"
         R"("maxDuration":0,"spendLimit":null,"modifiers":[],"description":"D"})"},
        {R"({"event":"sale","amountInCents":5,"spendLimit":{"amount":9},"modifiers":[)"
         R"({"id":"m","operator":"OR","amountInCents":7,"conditions":[)"
         R"({"entity":"sale","attribute":"amount","operator":"greater_than","value":1.50},)"
         R"({"entity":"sale","attribute":"metadata","operator":"in","value":["a",2],)"
         R"("metadataField":"plan"}]}]})",
         R"({"event":"sale","type":"flat","amountInCents":5,"amountInPercentage":null,)"
         R"("maxDuration":null,"spendLimit":{"amount":9,"interval":"allTime"},"modifiers":[)"
         R"({"id":"m","operator":"OR","conditions":[)"
         R"({"entity":"sale","attribute":"amount","operator":"greater_than","value":1.50},)"
         R"({"entity":"sale","attribute":"metadata","operator":"in","value":["a","2"],)"
         R"("metadataField":"plan"}],"type":"flat","amountInCents":7,"amountInPercentage":null,)"
         R"("maxDuration":null}],"description":""})"},
        {R"({"event":"sale","type":"percentage"})",
         "invalid_type: amountInPercentage: Invalid input: expected number, received undefined"},
        {R"({"event":"sale","amountInPercentage":12.345})",
         "custom: amountInPercentage: '12.345' is no percentage: give a number with at most two "
         "decimals"},
        {R"({"event":"sale","amountInPercentage":true})",
         "invalid_type: amountInPercentage: Invalid input: expected number, received boolean"},
        {R"({"event":"sale","amountInCents":1.5})",
         "invalid_type: amountInCents: Invalid input: expected int, received 1.5"},
        {R"({"event":"sale","amountInCents":"5"})",
         "invalid_type: amountInCents: Invalid input: expected number, received string"},
        {R"({"event":"sale","type":"bonus"})",
         R"(invalid_value: type: Invalid option: expected one of "flat"|"percentage")"},
        {R"({"amountInCents":5})",
         "invalid_type: event: Invalid input: expected string, received undefined"},
        {R"({"event":"sale","amountInCents":5,"description":1.5})",
         "invalid_type: description: Invalid input: expected string, received number"},
        {R"({"event":"sale","amountInCents":5,"modifiers":{}})",
         "invalid_type: modifiers: Invalid input: expected array, received object"},
        {R"({"event":"sale","amountInCents":5,"modifiers":[{"id":"a"},{"id":"a"}]})",
         "invalid_type: modifiers[0].amountInCents: Invalid input: expected number, received "
         "undefined"},
        {R"({"event":"sale","amountInCents":5,"modifiers":[{"id":"a","amountInCents":1},)"
         R"({"id":"a","amountInCents":1}]})",
         "custom: modifiers[1].id: 'a' is there twice"},
        {R"({"event":"sale","amountInCents":5,"modifiers":[{"operator":"XOR"}]})",
         R"(invalid_value: modifiers[0].operator: Invalid option: expected one of "AND"|"OR")"},
        {R"({"event":"sale","amountInCents":5,"modifiers":[{"amountInCents":1,"conditions":[)"
         R"({"operator":"in","value":"a"}]}]})",
         "invalid_type: modifiers[0].conditions[0].value: Invalid input: expected array, received "
         "string"},
        {R"({"event":"sale","amountInCents":5,"modifiers":[{"amountInCents":1,"conditions":[)"
         R"({"operator":"equals_to","value":["a"]}]}]})",
         "invalid_type: modifiers[0].conditions[0].value: Invalid input: expected string, received "
         "array"},
        {R"({"event":"sale","amountInCents":5,"spendLimit":{"interval":"day"}})",
         "invalid_type: spendLimit.amount: Invalid input: expected number, received undefined"},
    };
    for (const auto& row : rows) EXPECT_EQ(outcome(row.body), row.expected) << row.body;
}

TEST(RewardJson, WhatTheBodyNamesTakesThePlaceOfWhatIsStored) {
    struct Row {
        std::string_view body;
        std::string_view expected;
    };
    const Row rows[] = {
        {R"({"maxDuration":3})", "percentage 1250 3"},
        {R"({"amountInPercentage":5})", "percentage 500 12"},
        {R"({"amountInCents":700})", "flat 700 12"},
        {R"({"maxDuration":null})", "percentage 1250 -1"},
    };
    const auto stored = read_reward(
        *parse_exact_object(R"({"event":"sale","amountInPercentage":12.5,"maxDuration":12})"));
    for (const auto& row : rows) {
        const auto body = parse_exact_object(row.body);
        const auto reward = read_reward(overlaid(reward_json(*stored), *body));
        ASSERT_TRUE(reward) << row.body << ": " << reward.error().message;
        const auto& base = reward->base;
        EXPECT_EQ((base.is_percentage ? "percentage " : "flat ") + std::to_string(base.amount) +
                      " " + std::to_string(base.max_duration_months.value_or(-1)),
                  row.expected)
            << row.body;
    }
}

}  // namespace
}  // namespace hw
