// SPDX-License-Identifier: Apache-2.0
#include "api/partners.hpp"

#include "api/link_json.hpp"
#include "api/partner_body.hpp"
#include "api/partner_json.hpp"
#include "api/query.hpp"
#include "base/limits.hpp"

namespace hw::api {
namespace {

Result<PartnerFilter> read_filter(std::string_view query) {
    PartnerFilter filter;
    struct Named {
        const char* name;
        std::string* text;
    };
    for (const auto& [name, text] :
         {Named{"groupId", &filter.group_id}, Named{"country", &filter.country},
          Named{"email", &filter.email}, Named{"tenantId", &filter.tenant_id},
          Named{"search", &filter.search}}) {
        *text = HW_TRY(query_text(query, name)).value_or("");
    }
    if (HW_TRY(query_text(query, "status"))) {
        filter.status = HW_TRY(query_option(query, "status",
                                            {"pending", "approved", "rejected", "invited",
                                             "declined", "deactivated", "banned", "archived"},
                                            ""));
    }
    filter.sort = HW_TRY(query_option(
        query, "sortBy",
        {"createdAt", "totalClicks", "totalLeads", "totalConversions", "totalSaleAmount",
         "totalCommissions", "netRevenue", "earningsPerClick", "averageLifetimeValue",
         "clickToLeadRate", "clickToConversionRate", "leadToConversionRate", "returnOnAdSpend"},
        "totalSaleAmount"));
    filter.descending = HW_TRY(query_descending(query));
    filter.limit = HW_TRY(query_page_size(query));
    filter.offset = (HW_TRY(query_page(query)).value_or(1) - 1) * filter.limit;
    return filter;
}

Result<PartnerLink> read_partner_link(const Call& call, const json::object& body) {
    auto input = HW_TRY(read_partner_link_props(body, call.options));
    input.partner = HW_TRY(read_partner_reference(body));
    const auto url = HW_TRY(
        optional_text(body, "url", {.max_characters = limits::kDestinationUrlCharactersMax}));
    if (url && !url->empty()) input.url = *url;
    input.key = HW_TRY(optional_text(body, "key", {.max_characters = limits::kKeyCharactersMax}));
    if (auto comments = HW_TRY(
            patch_text(body, "comments", {.max_characters = limits::kCommentsCharactersMax}))) {
        input.props.comments = std::move(*comments);
    }
    return input;
}

Answer answer_of(const Call& call, const LinkWithTotals& link, int status) {
    return json_answer(json::serialize(link_json(link, call.server_url())), status);
}

}  // namespace

Result<Work> list_partners(const Call& call) {
    auto filter = HW_TRY(read_filter(call.request.query));
    return Work{Work::Mode::Read, [filter = std::move(filter)](Tx& tx) -> Result<Answer> {
                    json::array partners;
                    for (const auto& partner : HW_TRY(hw::list_partners(tx, filter))) {
                        partners.push_back(enrolled_partner_json(partner));
                    }
                    return json_answer(serialize_exact(partners));
                }};
}

Result<Work> create_partner(const Call& call) {
    const auto body = HW_TRY(parse_object(call.request.body));
    auto input = HW_TRY(read_new_partner(body, call.options));
    return Work{Work::Mode::Write, [input = std::move(input)](Tx& tx) -> Result<Answer> {
                    const auto made = HW_TRY(enroll_partner(tx, input));
                    return json_answer(serialize_exact(enrolled_partner_json(made.enrolled)), 201);
                }};
}

Result<Work> list_partner_links(const Call& call) {
    auto reference = HW_TRY(read_partner_reference(call.request.query));
    return Work{Work::Mode::Read, [reference = std::move(reference)](Tx& tx) -> Result<Answer> {
                    const auto links = HW_TRY(hw::list_partner_links(tx, reference));
                    return json_answer(json::serialize(partner_links_json(links)));
                }};
}

Result<Work> create_partner_link(const Call& call) {
    const auto body = HW_TRY(parse_object(call.request.body));
    auto input = HW_TRY(read_partner_link(call, body));
    return Work{Work::Mode::Write, [&call, input = std::move(input)](Tx& tx) -> Result<Answer> {
                    return answer_of(call, HW_TRY(hw::create_partner_link(tx, input)), 201);
                }};
}

Result<Work> upsert_partner_link(const Call& call) {
    const auto body = HW_TRY(parse_object(call.request.body));
    HW_TRY(required_text(body, "url"));
    auto input = HW_TRY(read_partner_link(call, body));
    return Work{Work::Mode::Write, [&call, input = std::move(input)](Tx& tx) -> Result<Answer> {
                    return answer_of(call, HW_TRY(hw::upsert_partner_link(tx, input)), 200);
                }};
}

}  // namespace hw::api
