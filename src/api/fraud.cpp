// SPDX-License-Identifier: Apache-2.0
#include "api/fraud.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "api/json.hpp"
#include "api/query.hpp"
#include "base/limits.hpp"
#include "core/fraud_rules.hpp"
#include "core/fraud_signs.hpp"
#include "core/resolve_fraud_group.hpp"
#include "store/fraud_groups.hpp"
#include "store/partners.hpp"

namespace hw::api {
namespace {

json::array array_of(const std::vector<std::string>& texts) {
    return json::array(texts.begin(), texts.end());
}

json::object config_json(const FraudRule& rule) {
    if (rule.rule == kPaidTraffic) return {{"platforms", array_of(rule.platforms)}};
    if (rule.rule == kBannedSource) return {{"domains", array_of(rule.domains)}};
    if (rule.rule != kClickFlooding) return {};
    return {{"clicksPerVisitorHour", rule.clicks_per_visitor_hour},
            {"clicksPerLead", rule.clicks_per_lead},
            {"clicksMin", rule.clicks_min}};
}

json::object rule_json(const FraudRule& rule) {
    return {{"type", rule.rule},
            {"enabled", rule.enabled},
            {"config", config_json(rule)},
            {"updatedAt", time_or_null(rule.updated_at_ms)}};
}

json::value partner_json(const std::optional<Partner>& partner) {
    if (!partner) return nullptr;
    return json::object{{"id", partner->partner_id},
                        {"name", partner->name},
                        {"email", text_or_null(partner->email)},
                        {"image", text_or_null(partner->image)}};
}

json::object group_json(Tx& tx, const FraudGroup& group) {
    const auto partner = find_partner(tx, tx.workspace_id(), group.partner_id);
    return {{"id", group.group_id},
            {"type", group.rule},
            {"status", group.status},
            {"resolution",
             group.resolution.empty() ? json::value(nullptr) : json::value(group.resolution)},
            {"partnerId", group.partner_id},
            {"partner", partner_json(partner)},
            {"eventCount", group.events},
            {"firstEventAt", time_or_null(group.first_event_at_ms)},
            {"lastEventAt", time_or_null(group.last_event_at_ms)},
            {"expiresAt", time_or_null(group.expires_at_ms)},
            {"resolvedAt", time_or_null(group.resolved_at_ms)},
            {"resolvedBy", text_or_null(group.resolved_by)}};
}

json::object event_json(const FraudEventText& text) {
    const auto& event = text.event;
    return {{"id", event.event_id},
            {"commissionId", event.commission_id},
            {"customerId", text_or_null(event.customer_id)},
            {"evidence", json::parse(text.evidence)},
            {"createdAt", time_or_null(event.at_ms)}};
}

Result<std::optional<std::vector<std::string>>> read_platforms(const json::object& config) {
    auto platforms = HW_TRY(optional_texts(config, "platforms"));
    if (!platforms) return std::nullopt;
    for (const auto& platform : *platforms) {
        if (std::ranges::find(kAdPlatforms, platform) != kAdPlatforms.end()) continue;
        return std::unexpected(invalid_field(
            "invalid_value", "config.platforms",
            fmt::format("Invalid option '{}': expected some of \"google\"|\"facebook\"|\"x\"|"
                        "\"bing\"|\"linkedin\"|\"reddit\"|\"tiktok\"",
                        platform)));
    }
    return platforms;
}

Result<std::optional<std::vector<std::string>>> read_domains(const json::object& config) {
    auto domains = HW_TRY(optional_texts(
        config, "domains", {.max_characters = limits::kFraudDomainCharactersMax, .trim = true}));
    if (domains && domains->size() > limits::kFraudDomainsMax) {
        return std::unexpected(
            invalid_field("too_big", "config.domains",
                          fmt::format("Too big: expected array to have <={} items, got {}",
                                      limits::kFraudDomainsMax, domains->size())));
    }
    return domains;
}

Result<std::optional<std::int64_t>> read_clicks(const json::object& config, std::string_view name) {
    return optional_int(config, name,
                        {.min = 0,
                         .max = limits::kFraudClicksMax,
                         .too_small_message = "Too small: expected number to be >=0 (0: no limit)",
                         .too_big_message = "Too big: expected number to be <=1000000000"});
}

Result<void> check_config_fields(const json::object& config, std::string_view rule) {
    FraudRule some;
    some.rule = rule;
    const auto known = config_json(some);
    for (const auto& field : config) {
        if (known.contains(field.key())) continue;
        return std::unexpected(invalid_field(
            "unrecognized_keys", "config",
            fmt::format("'{}' is no setting of {}", std::string_view(field.key()), rule)));
    }
    return {};
}

Result<FraudRuleChange> read_change(const json::object& body, std::string_view rule) {
    FraudRuleChange change;
    change.enabled = HW_TRY(optional_bool(body, "enabled"));
    const auto* given = body.if_contains("config");
    if (given == nullptr) return change;
    if (!given->is_object()) {
        return std::unexpected(invalid_field(
            "invalid_type", "config",
            fmt::format("Invalid input: expected object, received {}", json_type_name(given))));
    }
    const auto& config = given->get_object();
    if (std::ranges::find(kFraudRules, rule) != kFraudRules.end()) {
        HW_CHECK(check_config_fields(config, rule));
    }
    change.platforms = HW_TRY(read_platforms(config));
    change.domains = HW_TRY(read_domains(config));
    change.clicks_per_visitor_hour = HW_TRY(read_clicks(config, "clicksPerVisitorHour"));
    change.clicks_per_lead = HW_TRY(read_clicks(config, "clicksPerLead"));
    change.clicks_min = HW_TRY(read_clicks(config, "clicksMin"));
    return change;
}

Result<FraudGroupFilter> read_filter(std::string_view query) {
    FraudGroupFilter filter;
    filter.status = HW_TRY(query_option(query, "status", {"pending", "resolved"}, ""));
    filter.partner_id = HW_TRY(query_text(query, "partnerId")).value_or("");
    filter.rule =
        HW_TRY(query_option(query, "type",
                            {kCustomerEmailMatch, kSuspiciousDomain, kPaidTraffic, kBannedSource,
                             kCrossProgramBan, kDuplicateAccount, kSelfReferral, kClickFlooding},
                            ""));
    filter.after = HW_TRY(query_text(query, "startingAfter")).value_or("");
    filter.limit = HW_TRY(query_page_size(query));
    return filter;
}

// {release: true}, or {release: false, markFraud: true}.
Result<bool> read_is_fraud(const json::object& body) {
    const auto release = HW_TRY(optional_bool(body, "release"));
    const bool mark = HW_TRY(optional_bool(body, "markFraud")).value_or(false);
    if (!release) {
        return std::unexpected(invalid_field(
            "invalid_type", "release", "Invalid input: expected boolean, received undefined"));
    }
    if (*release == mark) {
        return std::unexpected(invalid_field(
            "custom", "markFraud",
            fmt::format("release and markFraud are both {}: give {{\"release\":true}} "
                        "or {{\"release\":false,\"markFraud\":true}}",
                        mark)));
    }
    return mark;
}

}  // namespace

Result<Work> list_fraud_rules(const Call&) {
    return Work{Work::Mode::Read, [](Tx& tx) -> Result<Answer> {
                    json::array rules;
                    for (const auto& rule : fraud_rules(tx)) rules.push_back(rule_json(rule));
                    return json_answer(json::serialize(rules));
                }};
}

Result<Work> update_fraud_rule(const Call& call) {
    const auto body = HW_TRY(parse_object(call.request.body));
    const auto& rule = call.parameters.at(0);
    auto change = HW_TRY(read_change(body, rule));
    return Work{Work::Mode::Write, [change = std::move(change), rule](Tx& tx) -> Result<Answer> {
                    const auto changed = HW_TRY(hw::update_fraud_rule(tx, rule, change));
                    return json_answer(json::serialize(rule_json(changed)));
                }};
}

Result<Work> list_fraud_groups(const Call& call) {
    auto filter = HW_TRY(read_filter(call.request.query));
    return Work{
        Work::Mode::Read, [filter = std::move(filter)](Tx& tx) -> Result<Answer> {
            if (!filter.after.empty() && !find_fraud_group(tx, tx.workspace_id(), filter.after)) {
                return fail(ErrorCode::UnprocessableEntity,
                            "Invalid cursor: the provided ID does not exist.", "invalid_paging");
            }
            json::array groups;
            for (const auto& group : hw::list_fraud_groups(tx, filter)) {
                groups.push_back(group_json(tx, group));
            }
            return json_answer(json::serialize(groups));
        }};
}

Result<Work> get_fraud_group(const Call& call) {
    auto after = HW_TRY(query_text(call.request.query, "eventsAfter")).value_or("");
    return Work{
        Work::Mode::Read,
        [after = std::move(after), id = call.parameters.at(0)](Tx& tx) -> Result<Answer> {
            const auto group = find_fraud_group(tx, tx.workspace_id(), id);
            if (!group) {
                return fail(ErrorCode::NotFound, "Fraud group not found.", "fraud_group_not_found");
            }
            json::array events;
            for (const auto& event : list_fraud_events(tx, id, after, limits::kFraudEventsShown)) {
                events.push_back(event_json(event));
            }
            auto answer = group_json(tx, *group);
            answer["events"] = std::move(events);
            return json_answer(json::serialize(answer));
        }};
}

Result<Work> resolve_fraud_group(const Call& call) {
    const auto body = HW_TRY(parse_object(call.request.body));
    const bool is_fraud = HW_TRY(read_is_fraud(body));
    return Work{Work::Mode::Write,
                [is_fraud, id = call.parameters.at(0),
                 actor = call.caller->api_key_id](Tx& tx) -> Result<Answer> {
                    const auto group = HW_TRY(hw::resolve_fraud_group(tx, id, {is_fraud, actor}));
                    return json_answer(json::serialize(group_json(tx, group)));
                }};
}

}  // namespace hw::api
