// SPDX-License-Identifier: Apache-2.0
#include "api/reward_json.hpp"

#include <fmt/format.h>

#include <charconv>

#include "base/limits.hpp"
#include "base/money.hpp"

namespace hw {
namespace {

// Two decimals, as hundredths of a percent are.
constexpr std::string_view kHundredths = "usd";

constexpr TextRule kText{.max_characters = limits::kRewardTextCharactersMax};
constexpr TextRule kId{.max_characters = limits::kReferenceCharactersMax};

std::unexpected<Error> wrong_type(const std::string& place, std::string_view expected,
                                  const json::value& value) {
    const auto received = number_text(value) ? "number" : json_type_name(&value);
    return std::unexpected(
        invalid_field("invalid_type", place,
                      fmt::format("Invalid input: expected {}, received {}", expected, received)));
}

// The object's members, and where it stands in the body.
struct Part {
    const json::object& object;
    std::string place;  // "modifiers[0]."; empty: the body itself

    std::string at(std::string_view name) const { return place + std::string(name); }
    // Null counts as absent.
    const json::value* find(std::string_view name) const {
        const auto* value = object.if_contains(name);
        return value == nullptr || value->is_null() ? nullptr : value;
    }
};

Result<std::optional<std::string>> read_text(const Part& part, std::string_view name,
                                             const TextRule& rule) {
    const auto* value = part.find(name);
    if (value == nullptr) return std::nullopt;
    if (number_text(*value)) return wrong_type(part.at(name), "string", *value);
    json::object renamed;
    const auto place = part.at(name);
    renamed[place] = *value;
    return optional_text(renamed, place, rule);
}

Result<std::optional<std::int64_t>> read_int(const Part& part, std::string_view name) {
    const auto* value = part.find(name);
    if (value == nullptr) return std::nullopt;
    const auto text = number_text(*value);
    if (!text) return wrong_type(part.at(name), "number", *value);
    const auto number = parse_minor_units(*text, "jpy");  // which has no decimals
    if (number) return std::optional(*number);
    return std::unexpected(
        invalid_field("invalid_type", part.at(name),
                      fmt::format("Invalid input: expected int, received {}", *text)));
}

// A number, or a text that is one; at most two decimals.
Result<std::optional<std::int64_t>> read_percentage(const Part& part, std::string_view name) {
    const auto* value = part.find(name);
    if (value == nullptr) return std::nullopt;
    auto text = number_text(*value);
    if (!text && value->is_string()) text = std::string(value->get_string());
    if (!text) return wrong_type(part.at(name), "number", *value);
    const auto hundredths = parse_minor_units(*text, kHundredths);
    if (hundredths) return std::optional(*hundredths);
    return std::unexpected(invalid_field(
        "custom", part.at(name),
        fmt::format("'{}' is no percentage: give a number with at most two decimals", *text)));
}

json::value percentage_json(std::int64_t hundredths) {
    auto text = format_minor(hundredths, kHundredths);
    while (text.ends_with('0')) text.pop_back();
    if (text.ends_with('.')) text.pop_back();
    return exact_number(text);
}

Result<bool> read_is_percentage(const Part& part, bool otherwise) {
    const auto type = HW_TRY(read_text(part, "type", kId));
    if (!type) {
        if (part.find("amountInPercentage") != nullptr) return true;
        return part.find("amountInCents") == nullptr && otherwise;
    }
    if (*type == "flat" || *type == "percentage") return *type == "percentage";
    return std::unexpected(
        invalid_field("invalid_value", part.at("type"),
                      "Invalid option: expected one of \"flat\"|\"percentage\""));
}

// `base` gives what a modifier leaves out.
Result<RewardAmount> read_amount(const Part& part, std::string_view event,
                                 const RewardAmount* base) {
    RewardAmount amount;
    amount.is_percentage = HW_TRY(read_is_percentage(part, base && base->is_percentage));
    const auto* const name = amount.is_percentage ? "amountInPercentage" : "amountInCents";
    const auto given =
        amount.is_percentage ? HW_TRY(read_percentage(part, name)) : HW_TRY(read_int(part, name));
    if (!given) {
        return std::unexpected(invalid_field("invalid_type", part.at(name),
                                             "Invalid input: expected number, received undefined"));
    }
    amount.amount = *given;
    amount.max_duration_months = HW_TRY(read_int(part, "maxDuration"));
    const bool said = part.object.contains("maxDuration");
    if (base != nullptr && !said) amount.max_duration_months = base->max_duration_months;
    const bool once = event == "click" || event == "lead";
    if (once && !amount.max_duration_months) amount.max_duration_months = 0;
    return amount;
}

Result<void> add_value(const json::value& value, const std::string& place,
                       RewardCondition& condition) {
    const auto number = number_text(value);
    if (!number && !value.is_string()) return wrong_type(place, "string", value);
    // A list that has a text is one of texts.
    condition.is_text = (condition.is_text && !condition.values.empty()) || !number;
    auto text = number.value_or(value.is_string() ? std::string(value.get_string()) : "");
    if (text.size() > limits::kConditionValueCharactersMax) {
        return std::unexpected(
            invalid_field("too_big", place, "Too big: expected string to have <=255 characters"));
    }
    condition.values.push_back(std::move(text));
    return {};
}

Result<RewardCondition> read_condition(const Part& part) {
    RewardCondition condition;
    condition.entity = HW_TRY(read_text(part, "entity", kId)).value_or("");
    condition.attribute = HW_TRY(read_text(part, "attribute", kId)).value_or("");
    condition.comparison = HW_TRY(read_text(part, "operator", kId)).value_or("");
    condition.metadata_field = HW_TRY(read_text(part, "metadataField", kId)).value_or("");
    const auto* value = part.find("value");
    if (value == nullptr) return condition;  // refused with the rest of its rules
    const bool wants_list = condition.comparison == "in" || condition.comparison == "not_in";
    if (wants_list != value->is_array()) {
        return wrong_type(part.at("value"), wants_list ? "array" : "string", *value);
    }
    if (!wants_list) {
        HW_CHECK(add_value(*value, part.at("value"), condition));
        return condition;
    }
    const auto& items = value->get_array();
    for (std::size_t i = 0; i < items.size(); ++i) {
        HW_CHECK(add_value(items[i], fmt::format("{}[{}]", part.at("value"), i), condition));
    }
    return condition;
}

// Calls read(Part) for each object of the array of that name.
template <class Read>
Result<void> each_part(const Part& part, std::string_view name, Read read) {
    const auto* value = part.find(name);
    if (value == nullptr) return {};
    if (!value->is_array()) return wrong_type(part.at(name), "array", *value);
    const auto& items = value->get_array();
    for (std::size_t i = 0; i < items.size(); ++i) {
        const auto place = fmt::format("{}[{}]", part.at(name), i);
        if (!items[i].is_object()) return wrong_type(place, "object", items[i]);
        HW_CHECK(read(Part{items[i].get_object(), place + "."}));
    }
    return {};
}

Result<RewardModifier> read_modifier(const Part& part, const Reward& reward) {
    RewardModifier modifier;
    modifier.modifier_id = HW_TRY(read_text(part, "id", kId)).value_or("");
    const auto all = HW_TRY(read_text(part, "operator", kId)).value_or("AND");
    if (all != "AND" && all != "OR") {
        return std::unexpected(invalid_field("invalid_value", part.at("operator"),
                                             "Invalid option: expected one of \"AND\"|\"OR\""));
    }
    modifier.needs_all = all == "AND";
    modifier.amount = HW_TRY(read_amount(part, reward.event, &reward.base));
    HW_CHECK(each_part(part, "conditions", [&](const Part& condition) -> Result<void> {
        modifier.conditions.push_back(HW_TRY(read_condition(condition)));
        return {};
    }));
    return modifier;
}

Result<void> read_modifiers(const Part& part, Reward& reward) {
    return each_part(part, "modifiers", [&](const Part& each) -> Result<void> {
        auto modifier = HW_TRY(read_modifier(each, reward));
        // Commissions name it, so each has an id of its own.
        if (modifier.modifier_id.empty()) {
            modifier.modifier_id = fmt::format("{}", reward.modifiers.size() + 1);
        }
        for (const auto& other : reward.modifiers) {
            if (other.modifier_id != modifier.modifier_id) continue;
            return std::unexpected(invalid_field(
                "custom", each.at("id"), fmt::format("'{}' is there twice", modifier.modifier_id)));
        }
        reward.modifiers.push_back(std::move(modifier));
        return {};
    });
}

Result<void> read_spend_limit(const Part& part, Reward& reward) {
    const auto* value = part.find("spendLimit");
    if (value == nullptr) return {};
    if (!value->is_object()) return wrong_type(part.at("spendLimit"), "object", *value);
    const Part limit{value->get_object(), part.at("spendLimit") + "."};
    reward.spend_limit = HW_TRY(read_int(limit, "amount"));
    reward.spend_limit_interval = HW_TRY(read_text(limit, "interval", kId)).value_or("allTime");
    if (reward.spend_limit) return {};
    return std::unexpected(invalid_field("invalid_type", limit.at("amount"),
                                         "Invalid input: expected number, received undefined"));
}

void add_amount(json::object& out, const RewardAmount& amount) {
    out["type"] = amount.is_percentage ? "percentage" : "flat";
    out["amountInCents"] = nullptr;
    out["amountInPercentage"] = nullptr;
    if (amount.is_percentage) {
        out["amountInPercentage"] = percentage_json(amount.amount);
    } else {
        out["amountInCents"] = amount.amount;
    }
    out["maxDuration"] = int_or_null(amount.max_duration_months);
}

json::value value_json(const RewardCondition& condition, const std::string& value) {
    return condition.is_text ? json::value(value) : exact_number(value);
}

json::object condition_json(const RewardCondition& condition) {
    json::object out{{"entity", condition.entity},
                     {"attribute", condition.attribute},
                     {"operator", condition.comparison}};
    if (condition.comparison == "in" || condition.comparison == "not_in") {
        json::array values;
        for (const auto& value : condition.values) values.push_back(value_json(condition, value));
        out["value"] = std::move(values);
    } else {
        out["value"] = value_json(condition, condition.values.front());
    }
    if (!condition.metadata_field.empty()) out["metadataField"] = condition.metadata_field;
    return out;
}

json::object modifier_json(const RewardModifier& modifier) {
    json::object out{{"id", modifier.modifier_id}, {"operator", modifier.needs_all ? "AND" : "OR"}};
    json::array conditions;
    for (const auto& condition : modifier.conditions) {
        conditions.push_back(condition_json(condition));
    }
    out["conditions"] = std::move(conditions);
    add_amount(out, modifier.amount);
    return out;
}

}  // namespace

Result<Reward> read_reward(const json::object& body) {
    const Part part{body, ""};
    Reward reward;
    reward.program_id = HW_TRY(read_text(part, "programId", kId)).value_or("");
    const auto event = HW_TRY(read_text(part, "event", kId));
    if (!event) {
        return std::unexpected(invalid_field("invalid_type", "event",
                                             "Invalid input: expected string, received undefined"));
    }
    reward.event = *event;
    reward.base = HW_TRY(read_amount(part, reward.event, nullptr));
    HW_CHECK(read_spend_limit(part, reward));
    HW_CHECK(read_modifiers(part, reward));
    reward.description = HW_TRY(read_text(part, "description", kText)).value_or("");
    reward.tooltip = HW_TRY(read_text(part, "tooltip", kText)).value_or("");
    return reward;
}

json::object reward_json(const Reward& reward) {
    json::object out{
        {"id", reward.reward_id}, {"programId", reward.program_id}, {"event", reward.event}};
    add_amount(out, reward.base);
    out["spendLimit"] = nullptr;
    if (reward.spend_limit) {
        out["spendLimit"] = json::object{{"amount", *reward.spend_limit},
                                         {"interval", reward.spend_limit_interval}};
    }
    json::array modifiers;
    for (const auto& modifier : reward.modifiers) modifiers.push_back(modifier_json(modifier));
    out["modifiers"] = std::move(modifiers);
    out["description"] = reward.description;
    out["tooltip"] = reward.tooltip;
    out["createdAt"] = time_or_null(reward.created_at_ms);
    out["updatedAt"] = time_or_null(reward.updated_at_ms);
    return out;
}

Result<Discount> read_discount(const json::object& body) {
    const Part part{body, ""};
    Discount discount;
    discount.program_id = HW_TRY(read_text(part, "programId", kId)).value_or("");
    discount.is_percentage = HW_TRY(read_is_percentage(part, true));
    const auto amount = discount.is_percentage ? HW_TRY(read_percentage(part, "amount"))
                                               : HW_TRY(read_int(part, "amount"));
    if (!amount) {
        return std::unexpected(invalid_field("invalid_type", "amount",
                                             "Invalid input: expected number, received undefined"));
    }
    discount.amount = *amount;
    discount.max_duration_months = HW_TRY(read_int(part, "maxDuration"));
    discount.provider = HW_TRY(read_text(part, "provider", kId)).value_or("custom");
    if (discount.provider != "stripe" && discount.provider != "shopify" &&
        discount.provider != "custom") {
        return std::unexpected(
            invalid_field("invalid_value", "provider",
                          "Invalid option: expected one of \"stripe\"|\"shopify\"|\"custom\""));
    }
    discount.coupon_id = HW_TRY(read_text(part, "couponId", kId));
    discount.coupon_test_id = HW_TRY(read_text(part, "couponTestId", kId));
    discount.description = HW_TRY(read_text(part, "description", kText));
    return discount;
}

json::object discount_summary(const Discount& discount) {
    return {{"id", discount.discount_id},
            {"amount", discount.is_percentage ? percentage_json(discount.amount)
                                              : json::value(discount.amount)},
            {"type", discount.is_percentage ? "percentage" : "flat"},
            {"maxDuration", int_or_null(discount.max_duration_months)},
            {"couponId", text_or_null(discount.coupon_id)},
            {"couponTestId", text_or_null(discount.coupon_test_id)},
            {"description", text_or_null(discount.description)}};
}

json::object discount_json(const Discount& discount) {
    auto out = discount_summary(discount);
    out["programId"] = discount.program_id;
    out["provider"] = discount.provider;
    out["createdAt"] = time_or_null(discount.created_at_ms);
    return out;
}

json::object overlaid(json::object stored, const json::object& body) {
    // An amount of the other kind says that the kind changes.
    if (!body.contains("type") &&
        (body.contains("amountInCents") || body.contains("amountInPercentage"))) {
        stored.erase("type");
        stored.erase("amountInCents");
        stored.erase("amountInPercentage");
    }
    for (const auto& member : body) stored[member.key()] = member.value();
    return stored;
}

}  // namespace hw
