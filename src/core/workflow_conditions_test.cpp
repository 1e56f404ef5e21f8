// SPDX-License-Identifier: Apache-2.0
#include "core/workflow_conditions.hpp"

#include <gtest/gtest.h>

namespace hw {
namespace {

using Conditions = std::vector<WorkflowCondition>;
using Groups = std::vector<std::string>;

WorkflowCondition number(const char* attribute, const char* comparison,
                         std::vector<std::int64_t> values) {
    return {attribute, comparison, std::move(values), {}};
}
WorkflowCondition group(const char* comparison, Groups groups) {
    return {"partnerGroup", comparison, {}, std::move(groups)};
}

TEST(WorkflowConditions, WhatTheyMaySay) {
    struct Row {
        WorkflowCondition condition;
        std::string outcome;  // the refusal without its beginning
    };
    const Row rows[] = {
        {number("totalLeads", "gte", {10}), ""},
        {number("totalLeads", "in", {1, 2}), ""},
        {number("partnerJoined", "between", {1, 2}), ""},
        {group("notIn", {"a", "b"}), ""},
        {number("luck", "gte", {1}),
         "Invalid attribute 'luck': expected one of totalLeads, totalConversions, totalSaleAmount, "
         "totalCommissions, partnerEnrolledDays, partnerJoined, partnerGroup"},
        {number("totalLeads", "above", {1}),
         "Invalid operator 'above' of totalLeads: expected one of gte, lte, between, eq, ne, in, "
         "notIn"},
        {number("totalLeads", "gte", {}), "'gte' of totalLeads needs one value"},
        {number("totalLeads", "gte", {1, 2}), "'gte' of totalLeads needs one value"},
        {number("totalLeads", "in", {}),
         "'in' of totalLeads needs a list of 1 to 100 values, got 0"},
        {number("totalLeads", "notIn", std::vector<std::int64_t>(101, 1)),
         "'notIn' of totalLeads needs a list of 1 to 100 values, got 101"},
        {number("totalLeads", "between", {0, 2}),
         "'between' of totalLeads needs a min above 0 and a max above min"},
        {number("totalLeads", "between", {2, 2}),
         "'between' of totalLeads needs a min above 0 and a max above min"},
        {number("totalLeads", "between", {2}),
         "'between' of totalLeads needs a min above 0 and a max above min"},
        {number("partnerJoined", "eq", {2}),
         "'eq' does not go with partnerJoined: use gte, lte or between"},
        {group("gte", {"a"}), "'gte' does not go with partnerGroup: use eq, ne, in or notIn"},
        {number("partnerGroup", "eq", {1}), "partnerGroup compares with group ids"},
        {{"totalLeads", "eq", {}, {"a"}}, "totalLeads compares with whole numbers or dates"},
    };
    for (const auto& row : rows) {
        const auto checked = check_condition(row.condition);
        EXPECT_EQ(checked ? "" : checked.error().message.substr(27), row.outcome);
    }
}

TEST(WorkflowConditions, WhenTheyHold) {
    const PartnerStanding standing{.leads = 10,
                                   .conversions = 4,
                                   .sale_amount = 5'000,
                                   .commissions = 700,
                                   .enrolled_days = 30,
                                   .joined_ms = 1'000,
                                   .group_id = "gold"};
    struct Row {
        WorkflowCondition condition;
        bool outcome;
    };
    const Row rows[] = {
        {number("totalLeads", "gte", {10}), true},
        {number("totalLeads", "gte", {11}), false},
        {number("totalLeads", "lte", {10}), true},
        {number("totalLeads", "lte", {9}), false},
        {number("totalConversions", "between", {4, 5}), true},
        {number("totalConversions", "between", {3, 4}), true},
        {number("totalConversions", "between", {5, 6}), false},
        {number("totalConversions", "between", {1, 3}), false},
        {number("totalSaleAmount", "eq", {5'000}), true},
        {number("totalSaleAmount", "eq", {5'001}), false},
        {number("totalSaleAmount", "ne", {5'000}), false},
        {number("totalCommissions", "in", {1, 700}), true},
        {number("totalCommissions", "in", {1, 2}), false},
        {number("totalCommissions", "notIn", {1, 2}), true},
        {number("partnerEnrolledDays", "gte", {30}), true},
        {number("partnerJoined", "lte", {999}), false},
        {group("eq", {"gold"}), true},
        {group("eq", {"Gold"}), false},
        {group("ne", {"gold"}), false},
        {group("in", {"silver", "gold"}), true},
        {group("notIn", {"silver"}), true},
    };
    for (const auto& row : rows) {
        EXPECT_EQ(holds(row.condition, standing), row.outcome)
            << row.condition.attribute << " " << row.condition.comparison;
    }
    EXPECT_TRUE(all_hold({}, standing));
    EXPECT_TRUE(all_hold({rows[0].condition, rows[2].condition}, standing));
    EXPECT_FALSE(all_hold({rows[0].condition, rows[1].condition}, standing));
}

TEST(WorkflowConditions, WhetherTheyCanHoldTogether) {
    struct Row {
        Conditions conditions;
        bool outcome;
    };
    const Row rows[] = {
        {{}, true},
        {{number("totalLeads", "gte", {10}), number("totalLeads", "lte", {10})}, true},
        {{number("totalLeads", "gte", {11}), number("totalLeads", "lte", {10})}, false},
        {{number("totalLeads", "gte", {11}), number("totalConversions", "lte", {10})}, true},
        {{number("totalLeads", "between", {1, 9}), number("totalLeads", "between", {9, 20})}, true},
        {{number("totalLeads", "between", {1, 9}), number("totalLeads", "between", {10, 20})},
         false},
        {{number("totalLeads", "eq", {3}), number("totalLeads", "gte", {4})}, false},
        {{number("totalLeads", "eq", {3}), number("totalLeads", "ne", {3})}, false},
        {{number("totalLeads", "in", {3, 4}), number("totalLeads", "notIn", {3})}, true},
        {{number("totalLeads", "in", {3, 4}), number("totalLeads", "in", {4, 5})}, true},
        {{number("totalLeads", "in", {3, 4}), number("totalLeads", "in", {5, 6})}, false},
        {{number("totalLeads", "between", {1, 2}), number("totalLeads", "notIn", {1, 2})}, false},
        {{number("totalLeads", "between", {1, 3}), number("totalLeads", "notIn", {1, 2})}, true},
        {{number("totalLeads", "lte", {0}), number("totalLeads", "ne", {0})}, false},
        {{number("totalLeads", "ne", {0})}, true},
        {{group("eq", {"a"}), group("eq", {"b"})}, false},
        {{group("in", {"a", "b"}), group("eq", {"b"})}, true},
        {{group("ne", {"a"}), group("eq", {"a"})}, false},
        {{group("ne", {"a"}), group("notIn", {"b", "c"})}, true},
    };
    int number_of_row = 0;
    for (const auto& row : rows) {
        EXPECT_EQ(can_all_hold(row.conditions), row.outcome) << "row " << number_of_row;
        ++number_of_row;
    }
}

}  // namespace
}  // namespace hw
