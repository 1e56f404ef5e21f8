// SPDX-License-Identifier: Apache-2.0
#include "core/assess_commission.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/civil_time.hpp"
#include "base/email_address.hpp"
#include "base/limits.hpp"
#include "core/fraud_rules.hpp"
#include "core/fraud_signs.hpp"
#include "store/attributions.hpp"
#include "store/fraud_groups.hpp"
#include "store/links.hpp"
#include "store/partner_identities.hpp"
#include "store/touches.hpp"

namespace hw {
namespace {

using Evidence = std::vector<std::pair<std::string, std::string>>;

struct Hit {
    std::string key;  // what the evidence is about
    std::string why;  // for people
    Evidence evidence;
};

// The click that led here, if it is known.
std::optional<Touch> touch_of(Tx& tx, const AssessedCommission& subject) {
    const auto& commission = subject.commission;
    if (commission.conversion_id) {
        const auto attribution = find_attribution(tx, tx.workspace_id(), *commission.conversion_id);
        if (attribution && attribution->touch_id) {
            return find_touch(tx, tx.workspace_id(), *attribution->touch_id);
        }
    }
    if (subject.customer == nullptr || !subject.customer->touch_id) return std::nullopt;
    return find_touch(tx, tx.workspace_id(), *subject.customer->touch_id);
}

class Assessment {
  public:
    Assessment(Tx& tx, const AssessedCommission& subject)
        : tx_(tx), subject_(subject), touch_(touch_of(tx, subject)) {}

    std::optional<Hit> check(const FraudRule& rule) {
        if (rule.rule == kCrossProgramBan) return banned_elsewhere();
        if (rule.rule == kDuplicateAccount) return duplicate_account();
        if (rule.rule == kCustomerEmailMatch) return email_match();
        if (rule.rule == kSuspiciousDomain) return suspicious_domain();
        if (rule.rule == kSelfReferral) return self_referral();
        if (!touch_) return std::nullopt;
        if (rule.rule == kPaidTraffic) return paid_traffic(rule);
        if (rule.rule == kBannedSource) return banned_source(rule);
        return rule.rule == kClickFlooding ? flood(rule) : std::nullopt;
    }

    // The customer is known with its domain from now on, whether the rule is on or not.
    void note_customer() {
        if (subject_.customer == nullptr || !subject_.customer->email) return;
        const auto domain = telling_domain(*subject_.customer->email);
        if (!domain) return;
        first_of_domain_ = claim_email_domain(tx_, partner_id(), *domain, customer_id());
    }

  private:
    const std::string& partner_id() const { return subject_.partner.partner_id; }
    const std::string& customer_id() const { return subject_.customer->customer_id; }
    std::string customer_key() const { return "customer:" + customer_id(); }
    std::string touch_key() const { return "touch:" + touch_->touch_id; }

    EmailLikeness likeness() const {
        if (subject_.customer == nullptr || !subject_.customer->email || !subject_.partner.email) {
            return EmailLikeness::None;
        }
        return compare_emails(*subject_.customer->email, *subject_.partner.email);
    }
    Evidence both_emails() const {
        return {{"customerEmail", *subject_.customer->email},
                {"partnerEmail", *subject_.partner.email}};
    }

    std::optional<Hit> email_match() {
        const auto like = likeness();
        if (like != EmailLikeness::None) {
            const auto* what = like == EmailLikeness::Mailbox ? "e-mail address" : "e-mail domain";
            return Hit{customer_key(),
                       fmt::format("the customer has the partner's {} ({})", what,
                                   *subject_.customer->email),
                       both_emails()};
        }
        const bool is_other = !first_of_domain_.empty() && first_of_domain_ != customer_id();
        if (!subject_.is_first || !is_other) return std::nullopt;
        return Hit{customer_key(),
                   fmt::format("the partner brought customer {} of the same e-mail domain before "
                               "({})",
                               first_of_domain_, *subject_.customer->email),
                   {{"customerEmail", *subject_.customer->email},
                    {"earlierCustomerId", first_of_domain_}}};
    }

    std::optional<Hit> suspicious_domain() {
        if (subject_.customer == nullptr || !subject_.customer->email) return std::nullopt;
        const auto address = parse_email_address(*subject_.customer->email);
        if (!address || !is_disposable_domain(address->domain)) return std::nullopt;
        return Hit{
            customer_key(),
            fmt::format("the customer's mailbox at {} is made to be thrown away", address->domain),
            {{"customerEmail", *subject_.customer->email}, {"domain", address->domain}}};
    }

    std::optional<Hit> self_referral() {
        if (likeness() == EmailLikeness::Mailbox) {
            return Hit{customer_key(),
                       fmt::format("the customer is the partner: {}", *subject_.customer->email),
                       both_emails()};
        }
        if (!touch_ || touch_->visitor == 0) return std::nullopt;
        const auto visitor = std::to_string(touch_->visitor);
        if (!has_partner_identity(tx_, partner_id(), "visitor", visitor)) return std::nullopt;
        return Hit{touch_key(),
                   "the click came from where the partner signs in",
                   {{"touchId", touch_->touch_id}}};
    }

    std::optional<Hit> paid_traffic(const FraudRule& rule) {
        const auto paid = find_paid_click(touch_->url, rule.platforms);
        if (!paid) return std::nullopt;
        return Hit{touch_key(),
                   fmt::format("the click has the parameter {} of {} advertisements",
                               paid->parameter, paid->platform),
                   {{"touchId", touch_->touch_id},
                    {"platform", paid->platform},
                    {"parameter", paid->parameter},
                    {"url", touch_->url}}};
    }

    std::optional<Hit> banned_source(const FraudRule& rule) {
        const auto pattern = find_banned_source(touch_->referer, touch_->referer_url, rule.domains);
        if (!pattern) return std::nullopt;
        return Hit{
            touch_key(),
            fmt::format("the click came from {}, which '{}' bans", touch_->referer, *pattern),
            {{"touchId", touch_->touch_id},
             {"referer", touch_->referer},
             {"refererUrl", touch_->referer_url},
             {"pattern", *pattern}}};
    }

    std::optional<Hit> flood(const FraudRule& rule) {
        const auto totals = link_totals(tx_, tx_.workspace_id(), touch_->link_id);
        const bool is_lead = subject_.commission.kind == "lead";  // counted when this is committed
        const ClickCounts counts{.of_visitor = count_visits_of_partner(tx_, *touch_, partner_id(),
                                                                       limits::kFraudTouchesRead),
                                 .clicks = totals.clicks,
                                 .leads = totals.leads + (is_lead ? 1 : 0)};
        const auto why = find_flood(counts, {.per_visitor_hour = rule.clicks_per_visitor_hour,
                                             .per_lead = rule.clicks_per_lead,
                                             .clicks_min = rule.clicks_min});
        if (!why) return std::nullopt;
        return Hit{touch_key(),
                   *why,
                   {{"touchId", touch_->touch_id},
                    {"linkId", touch_->link_id},
                    {"clicksOfVisitor", std::to_string(counts.of_visitor)},
                    {"clicksOfLink", std::to_string(counts.clicks)},
                    {"leadsOfLink", std::to_string(counts.leads)}}};
    }

    std::optional<Hit> banned_elsewhere() {
        const auto program_id =
            find_ban_elsewhere(tx_, partner_id(), subject_.commission.program_id);
        if (!program_id) return std::nullopt;
        return Hit{"program:" + *program_id,
                   fmt::format("the partner is banned in programme {}", *program_id),
                   {{"programId", *program_id}}};
    }

    std::optional<Hit> duplicate_account() {
        const auto address =
            subject_.partner.email ? parse_email_address(*subject_.partner.email) : std::nullopt;
        auto other =
            address ? find_namesake_by_email(tx_, partner_id(), address->normal) : std::nullopt;
        const auto* what = other ? "e-mail address" : "payout method";
        if (!other) other = find_namesake_by_payout(tx_, partner_id());
        if (!other) return std::nullopt;
        return Hit{"partner:" + *other,
                   fmt::format("partner {} has the same {}", *other, what),
                   {{"partnerId", *other}, {"same", what}}};
    }

    Tx& tx_;
    const AssessedCommission& subject_;
    std::optional<Touch> touch_;
    std::string first_of_domain_;  // the partner's first customer of the customer's domain
};

// The group of that rule waits already: what it is about holds everything of the partner.
std::optional<Hit> pending_hit(Tx& tx, const std::string& partner_id, const std::string& rule) {
    if (!is_partner_rule(rule)) return std::nullopt;
    const auto group = find_pending_fraud_group(tx, tx.workspace_id(), partner_id, rule);
    if (!group) return std::nullopt;
    return Hit{"group:" + group->group_id,
               fmt::format("group {} of the partner waits for a decision", group->group_id),
               {{"groupId", group->group_id}}};
}

bool record(Tx& tx, const AssessedCommission& subject, const std::string& rule, const Hit& hit) {
    const FraudEvent event{.event_id = tx.new_id("fre_"),
                           .group_id = {},
                           .rule = rule,
                           .partner_id = subject.partner.partner_id,
                           .commission_id = subject.commission.commission_id,
                           .customer_id = subject.commission.customer_id,
                           .evidence_key = hit.key,
                           .evidence = hit.evidence,
                           .at_ms = tx.now_ms()};
    if (is_cleared_by_person(tx, event)) return false;
    const auto expires_at_ms = rule == kCrossProgramBan
                                   ? std::nullopt
                                   : std::optional(tx.now_ms() + limits::kFraudGroupMs);
    return add_fraud_event(tx, event, expires_at_ms).has_value();
}

}  // namespace

bool assess_commission(Tx& tx, const AssessedCommission& subject) {
    const auto& commission = subject.commission;
    if (commission.earnings < 0 || commission.kind == "custom") return false;
    Assessment assessment(tx, subject);
    assessment.note_customer();
    std::string reason;
    for (const auto& rule : fraud_rules(tx)) {
        auto hit = rule.enabled ? assessment.check(rule) : std::nullopt;
        bool is_new = hit && record(tx, subject, rule.rule, *hit);
        if (!is_new) {
            hit = pending_hit(tx, commission.partner_id, rule.rule);
            is_new = hit && record(tx, subject, rule.rule, *hit);
        }
        if (!is_new) continue;
        reason += fmt::format("{}{}: {}", reason.empty() ? "" : "; ", rule.rule, hit->why);
    }
    if (reason.empty()) return false;
    insert_commission_review(tx, commission,
                             {.verdict = "hold",
                              .amount = {},
                              .earnings = {},
                              .reason = reason,
                              .decided_by = std::string(kFraudRulesDecide)});
    return true;
}

}  // namespace hw
