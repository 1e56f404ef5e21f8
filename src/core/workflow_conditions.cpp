// SPDX-License-Identifier: Apache-2.0
#include "core/workflow_conditions.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <set>

#include "base/limits.hpp"

namespace hw {
namespace {

constexpr std::string_view kGroup = "partnerGroup";
constexpr std::string_view kJoined = "partnerJoined";
constexpr std::array<std::string_view, 7> kAttributes = {"totalLeads",
                                                         "totalConversions",
                                                         "totalSaleAmount",
                                                         "totalCommissions",
                                                         "partnerEnrolledDays",
                                                         kJoined,
                                                         kGroup};
constexpr std::array<std::string_view, 7> kOperators = {"gte", "lte", "between", "eq",
                                                        "ne",  "in",  "notIn"};

std::unexpected<Error> refuse(std::string message) {
    return fail(ErrorCode::UnprocessableEntity, "invalid_value: conditions: " + std::move(message),
                "invalid_condition");
}

bool is_list(std::string_view comparison) {
    return comparison == "in" || comparison == "notIn";
}

bool is_equality(std::string_view comparison) {
    return comparison == "eq" || comparison == "ne" || is_list(comparison);
}

Result<void> check_values(const WorkflowCondition& condition) {
    const auto& what = condition.comparison;
    const bool is_group = condition.attribute == kGroup;
    const auto count = is_group ? condition.texts.size() : condition.numbers.size();
    const auto other = is_group ? condition.numbers.size() : condition.texts.size();
    if (other > 0) {
        return refuse(fmt::format("{} compares with {}", condition.attribute,
                                  is_group ? "group ids" : "whole numbers or dates"));
    }
    if (what == "between") {
        const bool good =
            count == 2 && condition.numbers[0] > 0 && condition.numbers[1] > condition.numbers[0];
        if (good) return {};
        return refuse(fmt::format("'between' of {} needs a min above 0 and a max above min",
                                  condition.attribute));
    }
    if (is_list(what) && count >= 1 && count <= limits::kWorkflowValuesMax) return {};
    if (!is_list(what) && count == 1) return {};
    return refuse(is_list(what)
                      ? fmt::format("'{}' of {} needs a list of 1 to {} values, got {}", what,
                                    condition.attribute, limits::kWorkflowValuesMax, count)
                      : fmt::format("'{}' of {} needs one value", what, condition.attribute));
}

// What is still possible for one attribute.
struct Room {
    std::int64_t min = 0;
    std::int64_t max = std::numeric_limits<std::int64_t>::max();
    std::optional<std::set<std::int64_t>> allowed;
    std::set<std::int64_t> excluded;

    void meet(const std::set<std::int64_t>& values) {
        if (!allowed) {
            allowed = values;
        } else {
            std::erase_if(*allowed, [&](std::int64_t value) { return !values.contains(value); });
        }
    }

    bool is_empty() const {
        const auto is_possible = [&](std::int64_t value) {
            return value >= min && value <= max && !excluded.contains(value);
        };
        if (allowed) return std::ranges::none_of(*allowed, is_possible);
        if (min > max) return true;
        // Each exclusion takes one value, so that many and one more are enough to look at.
        for (std::int64_t step = 0; step <= std::ssize(excluded); ++step) {
            if (step > max - min) return true;
            if (is_possible(min + step)) return false;
        }
        return true;
    }
};

// Groups as numbers, so that one kind of room does for all attributes.
std::set<std::int64_t> values_of(const WorkflowCondition& condition,
                                 std::vector<std::string>& groups) {
    if (condition.attribute != kGroup) return {condition.numbers.begin(), condition.numbers.end()};
    std::set<std::int64_t> values;
    for (const auto& text : condition.texts) {
        const auto known = std::ranges::find(groups, text);
        values.insert(known - groups.begin());
        if (known == groups.end()) groups.push_back(text);
    }
    return values;
}

void narrow(Room& room, const WorkflowCondition& condition, std::vector<std::string>& groups) {
    const auto& what = condition.comparison;
    const auto values = values_of(condition, groups);
    if (what == "eq" || what == "in") return room.meet(values);
    if (what == "ne" || what == "notIn") return room.excluded.insert(values.begin(), values.end());
    if (what != "lte") room.min = std::max(room.min, condition.numbers.front());
    if (what != "gte") room.max = std::min(room.max, condition.numbers.back());
}

}  // namespace

Result<void> check_condition(const WorkflowCondition& condition) {
    if (std::ranges::find(kAttributes, condition.attribute) == kAttributes.end()) {
        return refuse(fmt::format("Invalid attribute '{}': expected one of {}", condition.attribute,
                                  fmt::join(kAttributes, ", ")));
    }
    if (std::ranges::find(kOperators, condition.comparison) == kOperators.end()) {
        return refuse(fmt::format("Invalid operator '{}' of {}: expected one of {}",
                                  condition.comparison, condition.attribute,
                                  fmt::join(kOperators, ", ")));
    }
    if (condition.attribute == kGroup && !is_equality(condition.comparison)) {
        return refuse(fmt::format("'{}' does not go with partnerGroup: use eq, ne, in or notIn",
                                  condition.comparison));
    }
    if (condition.attribute == kJoined && is_equality(condition.comparison)) {
        return refuse(fmt::format("'{}' does not go with partnerJoined: use gte, lte or between",
                                  condition.comparison));
    }
    return check_values(condition);
}

std::int64_t number_of(std::string_view attribute, const PartnerStanding& standing) {
    if (attribute == "totalLeads") return standing.leads;
    if (attribute == "totalConversions") return standing.conversions;
    if (attribute == "totalSaleAmount") return standing.sale_amount;
    if (attribute == "totalCommissions") return standing.commissions;
    if (attribute == "partnerEnrolledDays") return standing.enrolled_days;
    return attribute == kJoined ? standing.joined_ms : 0;
}

bool holds(const WorkflowCondition& condition, const PartnerStanding& standing) {
    const auto& what = condition.comparison;
    const auto number = number_of(condition.attribute, standing);
    const bool is_one =
        condition.attribute == kGroup
            ? std::ranges::find(condition.texts, standing.group_id) != condition.texts.end()
            : std::ranges::find(condition.numbers, number) != condition.numbers.end();
    if (what == "eq" || what == "in") return is_one;
    if (what == "ne" || what == "notIn") return !is_one;
    if (what == "gte") return number >= condition.numbers.at(0);
    if (what == "lte") return number <= condition.numbers.at(0);
    return number >= condition.numbers.at(0) && number <= condition.numbers.at(1);
}

bool all_hold(const std::vector<WorkflowCondition>& conditions, const PartnerStanding& standing) {
    return std::ranges::all_of(conditions,
                               [&](const auto& condition) { return holds(condition, standing); });
}

bool can_all_hold(const std::vector<WorkflowCondition>& conditions) {
    std::vector<std::string> groups;
    return std::ranges::all_of(kAttributes, [&](std::string_view attribute) {
        Room room;
        for (const auto& condition : conditions) {
            if (condition.attribute == attribute) narrow(room, condition, groups);
        }
        return !room.is_empty();
    });
}

}  // namespace hw
