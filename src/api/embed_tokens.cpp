// SPDX-License-Identifier: Apache-2.0
#include "core/embed_tokens.hpp"

#include <fmt/format.h>

#include "api/api.hpp"
#include "api/bearer.hpp"
#include "api/embed_tokens.hpp"
#include "api/partner_body.hpp"
#include "api/partner_json.hpp"
#include "api/reward_json.hpp"
#include "store/partner_identities.hpp"

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

// As a click of theirs would have it.
std::int64_t visitor_of(Api& api, const Request& request) {
    return api.visitors().observe(request, {}, "pageview").visitor;
}

struct Shown {
    std::string body;
    bool is_known = false;  // they have looked from there today

    Response response() && {
        return {.status = 200, .body = std::move(body), .content_type = "application/json"};
    }
};

// The partner is who looks at this page: a customer who comes from the same place is themselves.
void remember(Api& api, const EmbedToken& token, const std::string& visitor,
              std::move_only_function<void(std::optional<Error>)> done) {
    api.db().write<bool>(
        token.workspace_id,
        [partner_id = token.partner_id, visitor](Tx& tx) -> Result<bool> {
            put_partner_identity(tx, partner_id, "visitor", visitor);
            return true;
        },
        [done = std::move(done)](Result<bool> written) mutable {
            done(written ? std::nullopt : std::optional(written.error()));
        });
}

void show(Api& api, const EmbedToken& token, const std::string& visitor, Reply reply) {
    api.db().read<Shown>(
        token.workspace_id,
        [token, visitor](Tx& tx) -> Result<Shown> {
            auto body = serialize_exact(embedded_json(HW_TRY(embedded_referrals(tx, token))));
            return Shown{std::move(body),
                         has_partner_identity(tx, token.partner_id, "visitor", visitor)};
        },
        [&api, token, visitor, reply = std::move(reply)](Result<Shown> shown) mutable {
            if (!shown) return reply(error_response(shown.error(), ErrorShape::Track));
            if (shown->is_known) return reply(std::move(*shown).response());
            remember(api, token, visitor,
                     [shown = std::move(*shown),
                      reply = std::move(reply)](std::optional<Error> failed) mutable {
                         if (failed) return reply(error_response(*failed, ErrorShape::Track));
                         reply(std::move(shown).response());
                     });
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
        [&api, &request, reply = std::move(reply)](Result<EmbedToken> found) mutable {
            if (!found) return reply(error_response(found.error(), ErrorShape::Track));
            api.visitors().with_salts(
                [&api, &request, token = std::move(*found),
                 reply = std::move(reply)](std::optional<Error> failed) mutable {
                    if (failed) return reply(error_response(*failed, ErrorShape::Track));
                    show(api, token, std::to_string(visitor_of(api, request)), std::move(reply));
                });
        });
}

}  // namespace hw::api
