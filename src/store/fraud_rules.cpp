// SPDX-License-Identifier: Apache-2.0
#include "store/fraud_rules.hpp"

#include <boost/json.hpp>

namespace hw {
namespace {

namespace json = boost::json;

const Query kPutFraudRule{"put_fraud_rule", R"sql(
insert into fraud_rules (workspace_id, rule, enabled, config, updated_at_ms)
values ($1, $2, $3, $4, $5)
on conflict (workspace_id, rule) do update set enabled = excluded.enabled,
    config = excluded.config, updated_at_ms = excluded.updated_at_ms
)sql"};

const Query kListFraudRules{"list_fraud_rules", R"sql(
select rule, enabled, config, updated_at_ms from fraud_rules where workspace_id = $1 order by rule
)sql"};

std::vector<std::string> texts_from(const json::value& value) {
    std::vector<std::string> texts;
    for (const auto& text : value.as_array()) texts.emplace_back(text.as_string());
    return texts;
}

FraudRule rule_from(const Row& row) {
    const auto config = json::parse(row.text(2));
    return {.rule = row.text(0),
            .enabled = row.boolean(1),
            .platforms = texts_from(config.at("platforms")),
            .domains = texts_from(config.at("domains")),
            .clicks_per_visitor_hour = config.at("clicksPerVisitorHour").as_int64(),
            .clicks_per_lead = config.at("clicksPerLead").as_int64(),
            .clicks_min = config.at("clicksMin").as_int64(),
            .updated_at_ms = row.int64(3)};
}

}  // namespace

void put_fraud_rule(Tx& tx, const FraudRule& rule) {
    const json::object config{
        {"platforms", json::array(rule.platforms.begin(), rule.platforms.end())},
        {"domains", json::array(rule.domains.begin(), rule.domains.end())},
        {"clicksPerVisitorHour", rule.clicks_per_visitor_hour},
        {"clicksPerLead", rule.clicks_per_lead},
        {"clicksMin", rule.clicks_min}};
    const auto text = json::serialize(config);
    tx.exec(kPutFraudRule, tx.workspace_id(), rule.rule, rule.enabled, text, tx.now_ms());
}

std::vector<FraudRule> list_fraud_rules(Tx& tx, std::string_view workspace_id) {
    return tx.all(kListFraudRules, rule_from, workspace_id);
}

}  // namespace hw
