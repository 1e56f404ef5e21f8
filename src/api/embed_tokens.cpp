// SPDX-License-Identifier: Apache-2.0
#include "core/embed_tokens.hpp"

#include <fmt/format.h>

#include "api/api.hpp"
#include "api/bearer.hpp"
#include "api/embed_tokens.hpp"
#include "api/partner_body.hpp"
#include "api/partner_json.hpp"
#include "api/reward_json.hpp"

namespace hw::api {
namespace {

json::object embedded_json(const EmbeddedReferrals& found) {
    const auto& partner = found.partner.partner;
    json::object about{{"id", partner.partner_id},
                       {"name", partner.name},
                       {"email", text_or_null(partner.email)},
                       {"image", text_or_null(partner.image)},
                       {"status", found.partner.enrollment.status}};
    const auto& totals = found.partner.totals;
    json::object sums{
        {"clicks", totals.clicks},           {"leads", totals.leads},
        {"conversions", totals.conversions}, {"sales", totals.sales},
        {"saleAmount", totals.sale_amount},  {"earnings", found.partner.total_commissions}};
    json::array commissions;
    for (const auto& sum : found.commissions) {
        commissions.push_back(
            json::object{{"status", sum.status}, {"count", sum.count}, {"earnings", sum.earnings}});
    }
    json::array rewards;
    for (const auto& reward : found.rewards) rewards.push_back(reward_json(reward));
    return {{"partner", std::move(about)},
            {"links", partner_links_json(found.partner.links)},
            {"totals", std::move(sums)},
            {"commissions", std::move(commissions)},
            {"rewards", std::move(rewards)},
            {"discount", found.discount ? json::value(discount_summary(*found.discount))
                                        : json::value(nullptr)}};
}

void show(Api& api, const EmbedToken& token, Reply reply) {
    api.db().read<std::string>(
        token.workspace_id,
        [token](Tx& tx) -> Result<std::string> {
            return serialize_exact(embedded_json(HW_TRY(embedded_referrals(tx, token))));
        },
        [reply = std::move(reply)](Result<std::string> body) mutable {
            if (!body) return reply(error_response(body.error(), ErrorShape::Track));
            reply(Response{
                .status = 200, .body = std::move(*body), .content_type = "application/json"});
        });
}

}  // namespace

Result<Work> create_embed_token(const Call& call) {
    const auto body = HW_TRY(parse_object(call.request.body));
    NewEmbedToken input;
    input.partner = HW_TRY(read_partner_reference(body));
    const auto* partner = body.if_contains("partner");
    if (partner != nullptr && !partner->is_null()) {
        if (!partner->is_object()) {
            return std::unexpected(
                invalid_field("invalid_type", "partner",
                              fmt::format("Invalid input: expected object, received {}",
                                          json_type_name(partner))));
        }
        input.enroll = HW_TRY(read_new_partner(partner->get_object(), call.options));
    }
    return Work{Work::Mode::Write, [input = std::move(input)](Tx& tx) -> Result<Answer> {
                    const auto made = HW_TRY(hw::create_embed_token(tx, input));
                    return json_answer(json::serialize(json::object{
                                           {"publicToken", made.token},
                                           {"expires", time_or_null(made.expires_at_ms)}}),
                                       201);
                }};
}

void embed_referrals(Api& api, const Request& request, Reply reply) {
    const auto token = read_secret_key(request);
    if (!token) return reply(error_response(token.error(), ErrorShape::Track));
    api.db().read<EmbedToken>(
        std::string(kOperator),
        [token = std::string(*token)](Tx& tx) { return open_embed_token(tx, token); },
        [&api, reply = std::move(reply)](Result<EmbedToken> found) mutable {
            if (!found) return reply(error_response(found.error(), ErrorShape::Track));
            show(api, *found, std::move(reply));
        });
}

}  // namespace hw::api
