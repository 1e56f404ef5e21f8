// SPDX-License-Identifier: Apache-2.0
#include "core/embed_tokens.hpp"

#include "base/digest.hpp"
#include "base/id.hpp"
#include "base/limits.hpp"

namespace hw {
namespace {

constexpr std::size_t kTokenCharacters = 43;  // 256 bits
constexpr std::string_view kPrefix = "dub_embed_";

Result<Enrollment> enrollment_of(Tx& tx, const NewEmbedToken& input) {
    if (!input.enroll) return find_enrolled(tx, input.partner);
    return HW_TRY(enroll_partner(tx, *input.enroll)).enrolled.enrollment;
}

std::unexpected<Error> unknown_token() {
    return fail(ErrorCode::Unauthorized, "Unauthorized: Invalid or expired embed token.",
                "unknown_token");
}

}  // namespace

Result<CreatedEmbedToken> create_embed_token(Tx& tx, const NewEmbedToken& input) {
    const auto enrollment = HW_TRY(enrollment_of(tx, input));
    delete_expired_embed_tokens(tx);
    CreatedEmbedToken created;
    created.token = std::string(kPrefix) + random_text(kTokenCharacters, tx.env());
    created.expires_at_ms = tx.now_ms() + limits::kEmbedTokenMs;
    insert_embed_token(tx, {.workspace_id = tx.workspace_id(),
                            .token_hash = sha256_hex(created.token),
                            .program_id = enrollment.program_id,
                            .partner_id = enrollment.partner_id,
                            .expires_at_ms = created.expires_at_ms});
    return created;
}

Result<EmbedToken> open_embed_token(Tx& tx, std::string_view token) {
    auto found = find_embed_token(tx, sha256_hex(token));
    if (!found || found->expires_at_ms <= tx.now_ms()) return unknown_token();
    return std::move(*found);
}

Result<EmbeddedReferrals> embedded_referrals(Tx& tx, const EmbedToken& token) {
    const auto& ws = tx.workspace_id();
    const auto enrollment = find_enrollment(tx, ws, token.program_id, token.partner_id);
    if (!enrollment) return unknown_token();
    EmbeddedReferrals out;
    out.partner = load_partner(tx, *enrollment);
    out.commissions = commissions_by_status(tx, ws, token.partner_id);
    if (!out.partner.group || enrollment->status == "banned") return out;
    const auto& group = *out.partner.group;
    for (const auto& id : {group.click_reward_id, group.lead_reward_id, group.sale_reward_id,
                           group.referral_reward_id}) {
        if (!id) continue;
        if (auto reward = find_reward(tx, ws, *id)) out.rewards.push_back(std::move(*reward));
    }
    if (group.discount_id) out.discount = find_discount(tx, ws, *group.discount_id);
    return out;
}

}  // namespace hw
