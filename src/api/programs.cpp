// SPDX-License-Identifier: Apache-2.0
#include "api/programs.hpp"

#include <fmt/format.h>

#include "api/query.hpp"
#include "base/limits.hpp"
#include "core/programs.hpp"

namespace hw {

json::object group_json(const PartnerGroup& group) {
    json::array links;
    for (const auto& link : group.default_links) {
        links.push_back(json::object{{"domain", link.domain}, {"url", link.url}});
    }
    return {{"id", group.group_id},
            {"programId", group.program_id},
            {"name", group.name},
            {"slug", group.slug},
            {"color", text_or_null(group.color)},
            {"holdingPeriodDays", group.holding_period_days},
            {"clickRewardId", text_or_null(group.click_reward_id)},
            {"leadRewardId", text_or_null(group.lead_reward_id)},
            {"saleRewardId", text_or_null(group.sale_reward_id)},
            {"referralRewardId", text_or_null(group.referral_reward_id)},
            {"discountId", text_or_null(group.discount_id)},
            {"linkHosts", json::array(group.link_hosts.begin(), group.link_hosts.end())},
            {"defaultLinks", std::move(links)},
            {"createdAt", time_or_null(group.created_at_ms)}};
}

namespace api {
namespace {

constexpr TextRule kName{.max_characters = limits::kProgramTextCharactersMax,
                         .trim = true,
                         .nullable = false,
                         .empty_message = "Too small: expected string to have >=1 characters"};
constexpr TextRule kId{.max_characters = limits::kReferenceCharactersMax};
constexpr TextRule kUrl{.max_characters = limits::kDestinationUrlCharactersMax};

json::object program_json(const Program& program) {
    return {{"id", program.program_id},
            {"name", program.name},
            {"slug", program.slug},
            {"domain", text_or_null(program.domain)},
            {"url", text_or_null(program.url)},
            {"minPayoutAmount", program.min_payout_amount},
            {"createdAt", time_or_null(program.created_at_ms)}};
}

Answer answer_of(const json::value& body, int status = 200) {
    return json_answer(json::serialize(body), status);
}

Result<ProgramFields> read_program(const json::object& body) {
    ProgramFields fields;
    fields.name = HW_TRY(optional_text(body, "name", kName));
    fields.slug = HW_TRY(optional_text(body, "slug", kId));
    fields.domain =
        HW_TRY(patch_text(body, "domain", {.max_characters = limits::kDomainCharactersMax}));
    fields.url = HW_TRY(patch_text(body, "url", kUrl));
    fields.min_payout_amount =
        HW_TRY(optional_int(body, "minPayoutAmount",
                            {.min = 0,
                             .max = limits::kAmountMax,
                             .too_small_message = "Too small: expected number to be >=0",
                             .too_big_message = "Too big: expected int to be <=9007199254740991"}));
    return fields;
}

Result<std::vector<DefaultLink>> read_default_links(const json::value& value) {
    if (!value.is_array()) {
        return std::unexpected(invalid_field(
            "invalid_type", "defaultLinks",
            fmt::format("Invalid input: expected array, received {}", json_type_name(&value))));
    }
    std::vector<DefaultLink> links;
    for (const auto& item : value.get_array()) {
        if (!item.is_object()) {
            return std::unexpected(invalid_field(
                "invalid_type", fmt::format("defaultLinks[{}]", links.size()),
                fmt::format("Invalid input: expected object, received {}", json_type_name(&item))));
        }
        DefaultLink link;
        link.domain = HW_TRY(optional_text(item.get_object(), "domain", kId)).value_or("");
        link.url = HW_TRY(required_text(item.get_object(), "url", kUrl));
        links.push_back(std::move(link));
    }
    return links;
}

Result<GroupFields> read_group(const json::object& body) {
    GroupFields fields;
    fields.program_id = HW_TRY(optional_text(body, "programId", kId));
    fields.name = HW_TRY(optional_text(body, "name", kName));
    fields.slug = HW_TRY(optional_text(body, "slug", kId));
    fields.color = HW_TRY(patch_text(body, "color", kId));
    fields.holding_period_days =
        HW_TRY(optional_int(body, "holdingPeriodDays",
                            {.min = 0,
                             .max = limits::kAmountMax,
                             .too_small_message = "Too small: expected number to be >=0",
                             .too_big_message = "Too big: expected int to be <=9007199254740991"}));
    fields.click_reward_id = HW_TRY(patch_text(body, "clickRewardId", kId));
    fields.lead_reward_id = HW_TRY(patch_text(body, "leadRewardId", kId));
    fields.sale_reward_id = HW_TRY(patch_text(body, "saleRewardId", kId));
    fields.referral_reward_id = HW_TRY(patch_text(body, "referralRewardId", kId));
    fields.discount_id = HW_TRY(patch_text(body, "discountId", kId));
    fields.link_hosts = HW_TRY(optional_texts(body, "linkHosts", kId));
    if (const auto* links = body.if_contains("defaultLinks")) {
        fields.default_links = HW_TRY(read_default_links(*links));
    }
    return fields;
}

Result<void> require_name(const std::optional<std::string>& name) {
    if (name) return {};
    return std::unexpected(invalid_field("invalid_type", "name",
                                         "Invalid input: expected string, received undefined"));
}

}  // namespace

Result<Work> list_programs(const Call&) {
    return Work{Work::Mode::Read, [](Tx& tx) -> Result<Answer> {
                    json::array programs;
                    for (const auto& program : hw::list_programs(tx, tx.workspace_id())) {
                        programs.push_back(program_json(program));
                    }
                    return answer_of(programs);
                }};
}

Result<Work> create_program(const Call& call) {
    const auto body = HW_TRY(parse_object(call.request.body));
    auto fields = HW_TRY(read_program(body));
    HW_CHECK(require_name(fields.name));
    return Work{Work::Mode::Write, [fields = std::move(fields)](Tx& tx) -> Result<Answer> {
                    return answer_of(program_json(HW_TRY(hw::create_program(tx, fields))), 201);
                }};
}

Result<Work> get_program(const Call& call) {
    return Work{Work::Mode::Read, [id = call.parameters.at(0)](Tx& tx) -> Result<Answer> {
                    return answer_of(program_json(HW_TRY(required_program(tx, id))));
                }};
}

Result<Work> update_program(const Call& call) {
    const auto body = HW_TRY(parse_object(call.request.body));
    auto fields = HW_TRY(read_program(body));
    return Work{Work::Mode::Write,
                [fields = std::move(fields), id = call.parameters.at(0)](Tx& tx) -> Result<Answer> {
                    return answer_of(program_json(HW_TRY(hw::update_program(tx, id, fields))));
                }};
}

Result<Work> list_groups(const Call& call) {
    auto program_id = HW_TRY(query_text(call.request.query, "programId"));
    return Work{
        Work::Mode::Read, [program_id = std::move(program_id)](Tx& tx) -> Result<Answer> {
            const auto program = HW_TRY(required_program(tx, program_id));
            json::array groups;
            for (const auto& group : hw::list_groups(tx, tx.workspace_id(), program.program_id)) {
                groups.push_back(group_json(group));
            }
            return answer_of(groups);
        }};
}

Result<Work> create_group(const Call& call) {
    const auto body = HW_TRY(parse_object(call.request.body));
    auto fields = HW_TRY(read_group(body));
    HW_CHECK(require_name(fields.name));
    return Work{Work::Mode::Write, [fields = std::move(fields)](Tx& tx) -> Result<Answer> {
                    return answer_of(group_json(HW_TRY(hw::create_group(tx, fields))), 201);
                }};
}

Result<Work> get_group(const Call& call) {
    return Work{Work::Mode::Read, [id = call.parameters.at(0)](Tx& tx) -> Result<Answer> {
                    return answer_of(group_json(HW_TRY(hw::get_group(tx, id))));
                }};
}

Result<Work> update_group(const Call& call) {
    const auto body = HW_TRY(parse_object(call.request.body));
    auto fields = HW_TRY(read_group(body));
    return Work{Work::Mode::Write,
                [fields = std::move(fields), id = call.parameters.at(0)](Tx& tx) -> Result<Answer> {
                    return answer_of(group_json(HW_TRY(hw::update_group(tx, id, fields))));
                }};
}

Result<Work> delete_group(const Call& call) {
    return Work{Work::Mode::Write, [id = call.parameters.at(0)](Tx& tx) -> Result<Answer> {
                    return answer_of(json::object{{"id", HW_TRY(hw::delete_group(tx, id))}});
                }};
}

}  // namespace api
}  // namespace hw
