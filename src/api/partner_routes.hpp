// SPDX-License-Identifier: Apache-2.0
// The part of the route table (routes.cpp) that is about partner programmes and what they owe.
#pragma once

#include <array>

#include "api/ban_partner.hpp"
#include "api/bounties.hpp"
#include "api/commissions.hpp"
#include "api/discount_codes.hpp"
#include "api/embed_tokens.hpp"
#include "api/fraud.hpp"
#include "api/ledger.hpp"
#include "api/partner_analytics.hpp"
#include "api/partner_applications.hpp"
#include "api/partners.hpp"
#include "api/payments.hpp"
#include "api/payouts.hpp"
#include "api/programs.hpp"
#include "api/rewards.hpp"
#include "api/routes.hpp"
#include "api/workflows.hpp"

namespace hw {

inline constexpr std::array kPartnerRoutes{
    Route{"GET", "/bounties", "listBounties", Auth::Secret, "groups.read", ErrorShape::Problem,
          false, false, api::list_bounties},
    Route{"POST", "/bounties", "createBounty", Auth::Secret, "groups.write", ErrorShape::Problem,
          false, false, api::create_bounty},
    Route{"GET", "/bounties/{id}", "getBounty", Auth::Secret, "groups.read", ErrorShape::Problem,
          false, false, api::get_bounty},
    Route{"PATCH", "/bounties/{id}", "updateBounty", Auth::Secret, "groups.write",
          ErrorShape::Problem, false, false, api::update_bounty},
    Route{"DELETE", "/bounties/{id}", "deleteBounty", Auth::Secret, "groups.write",
          ErrorShape::Problem, false, false, api::delete_bounty},
    Route{"GET", "/bounties/{bountyId}/submissions", "listBountySubmissions", Auth::Secret,
          "groups.read", ErrorShape::Track, false, false, api::list_bounty_submissions},
    Route{"POST", "/bounties/{bountyId}/submissions", "submitBounty", Auth::Secret, "groups.write",
          ErrorShape::Track, false, false, api::submit_bounty},
    Route{"POST", "/bounties/{bountyId}/submissions/{submissionId}/approve",
          "approveBountySubmission", Auth::Secret, "groups.write", ErrorShape::Track, false, false,
          api::approve_submission},
    Route{"POST", "/bounties/{bountyId}/submissions/{submissionId}/reject",
          "rejectBountySubmission", Auth::Secret, "groups.write", ErrorShape::Track, false, false,
          api::reject_submission},

    Route{"GET", "/fraud/rules", "listFraudRules", Auth::Secret, "groups.read", ErrorShape::Problem,
          false, false, api::list_fraud_rules},
    Route{"PATCH", "/fraud/rules/{type}", "updateFraudRule", Auth::Secret, "groups.write",
          ErrorShape::Problem, false, false, api::update_fraud_rule},
    Route{"GET", "/fraud/groups", "listFraudGroups", Auth::Secret, "groups.read",
          ErrorShape::Problem, false, false, api::list_fraud_groups},
    Route{"GET", "/fraud/groups/{id}", "getFraudGroup", Auth::Secret, "groups.read",
          ErrorShape::Problem, false, false, api::get_fraud_group},
    Route{"POST", "/fraud/groups/{id}/resolve", "resolveFraudGroup", Auth::Secret, "groups.write",
          ErrorShape::Problem, false, false, api::resolve_fraud_group},

    Route{"GET", "/workflows", "listWorkflows", Auth::Secret, "groups.read", ErrorShape::Problem,
          false, false, api::list_workflows},
    Route{"POST", "/workflows", "createWorkflow", Auth::Secret, "groups.write", ErrorShape::Problem,
          false, false, api::create_workflow},
    Route{"GET", "/workflows/{id}", "getWorkflow", Auth::Secret, "groups.read", ErrorShape::Problem,
          false, false, api::get_workflow},
    Route{"PATCH", "/workflows/{id}", "updateWorkflow", Auth::Secret, "groups.write",
          ErrorShape::Problem, false, false, api::update_workflow},
    Route{"DELETE", "/workflows/{id}", "deleteWorkflow", Auth::Secret, "groups.write",
          ErrorShape::Problem, false, false, api::delete_workflow},
    Route{"GET", "/workflows/{id}/runs", "listWorkflowRuns", Auth::Secret, "groups.read",
          ErrorShape::Problem, false, false, api::list_workflow_runs},

    Route{"GET", "/discount-codes", "listDiscountCodes", Auth::Secret, "groups.read",
          ErrorShape::Track, false, false, api::list_discount_codes},
    Route{"POST", "/discount-codes", "createDiscountCode", Auth::Secret, "groups.write",
          ErrorShape::Track, false, false, api::create_discount_code},
    Route{"DELETE", "/discount-codes/{idOrCode}", "deleteDiscountCode", Auth::Secret,
          "groups.write", ErrorShape::Track, false, false, api::delete_discount_code},

    Route{"GET", "/partners", "listPartners", Auth::Secret, "groups.read", ErrorShape::Track, false,
          false, api::list_partners},
    Route{"POST", "/partners", "createPartner", Auth::Secret, "groups.write", ErrorShape::Track,
          false, false, api::create_partner},
    Route{"GET", "/partners/analytics", "retrievePartnerAnalytics", Auth::Secret, "analytics.read",
          ErrorShape::Track, false, false, api::partner_analytics},
    Route{"GET", "/partners/applications", "listPartnerApplications", Auth::Secret, "groups.read",
          ErrorShape::Track, false, false, api::list_applications},
    Route{"POST", "/partners/applications", "createPartnerApplication", Auth::Secret,
          "groups.write", ErrorShape::Track, false, false, api::submit_application},
    Route{"POST", "/partners/applications/client", "createPartnerApplicationClient",
          Auth::Publishable, "", ErrorShape::Track, true, false, api::submit_application},
    Route{"POST", "/partners/applications/approve", "approvePartnerApplication", Auth::Secret,
          "groups.write", ErrorShape::Track, false, false, api::approve_application},
    Route{"POST", "/partners/applications/reject", "rejectPartnerApplication", Auth::Secret,
          "groups.write", ErrorShape::Track, false, false, api::reject_application},
    Route{"POST", "/partners/ban", "banPartner", Auth::Secret, "groups.write", ErrorShape::Track,
          false, false, api::ban_partner},
    Route{"POST", "/partners/deactivate", "deactivatePartner", Auth::Secret, "groups.write",
          ErrorShape::Track, false, false, api::deactivate_partner},
    Route{"GET", "/partners/links", "retrieveLinks", Auth::Secret, "groups.read", ErrorShape::Track,
          false, false, api::list_partner_links},
    Route{"POST", "/partners/links", "createPartnerLink", Auth::Secret, "groups.write",
          ErrorShape::Track, false, false, api::create_partner_link},
    Route{"PUT", "/partners/links/upsert", "upsertPartnerLink", Auth::Secret, "groups.write",
          ErrorShape::Track, false, false, api::upsert_partner_link},

    Route{"GET", "/programs", "listPrograms", Auth::Secret, "groups.read", ErrorShape::Problem,
          false, false, api::list_programs},
    Route{"POST", "/programs", "createProgram", Auth::Secret, "groups.write", ErrorShape::Problem,
          false, false, api::create_program},
    Route{"GET", "/programs/{id}", "getProgram", Auth::Secret, "groups.read", ErrorShape::Problem,
          false, false, api::get_program},
    Route{"PATCH", "/programs/{id}", "updateProgram", Auth::Secret, "groups.write",
          ErrorShape::Problem, false, false, api::update_program},

    Route{"GET", "/groups", "listGroups", Auth::Secret, "groups.read", ErrorShape::Problem, false,
          false, api::list_groups},
    Route{"POST", "/groups", "createGroup", Auth::Secret, "groups.write", ErrorShape::Problem,
          false, false, api::create_group},
    Route{"GET", "/groups/{id}", "getGroup", Auth::Secret, "groups.read", ErrorShape::Problem,
          false, false, api::get_group},
    Route{"PATCH", "/groups/{id}", "updateGroup", Auth::Secret, "groups.write", ErrorShape::Problem,
          false, false, api::update_group},
    Route{"DELETE", "/groups/{id}", "deleteGroup", Auth::Secret, "groups.write",
          ErrorShape::Problem, false, false, api::delete_group},

    Route{"GET", "/rewards", "listRewards", Auth::Secret, "groups.read", ErrorShape::Problem, false,
          false, api::list_rewards},
    Route{"POST", "/rewards", "createReward", Auth::Secret, "groups.write", ErrorShape::Problem,
          false, false, api::create_reward},
    Route{"GET", "/rewards/{id}", "getReward", Auth::Secret, "groups.read", ErrorShape::Problem,
          false, false, api::get_reward},
    Route{"PATCH", "/rewards/{id}", "updateReward", Auth::Secret, "groups.write",
          ErrorShape::Problem, false, false, api::update_reward},
    Route{"DELETE", "/rewards/{id}", "deleteReward", Auth::Secret, "groups.write",
          ErrorShape::Problem, false, false, api::delete_reward},

    Route{"GET", "/discounts", "listDiscounts", Auth::Secret, "groups.read", ErrorShape::Problem,
          false, false, api::list_discounts},
    Route{"POST", "/discounts", "createDiscount", Auth::Secret, "groups.write", ErrorShape::Problem,
          false, false, api::create_discount},
    Route{"GET", "/discounts/{id}", "getDiscount", Auth::Secret, "groups.read", ErrorShape::Problem,
          false, false, api::get_discount},
    Route{"PATCH", "/discounts/{id}", "updateDiscount", Auth::Secret, "groups.write",
          ErrorShape::Problem, false, false, api::update_discount},
    Route{"DELETE", "/discounts/{id}", "deleteDiscount", Auth::Secret, "groups.write",
          ErrorShape::Problem, false, false, api::delete_discount},

    Route{"POST", "/refunds", "recordRefund", Auth::Secret, "conversions.write",
          ErrorShape::Problem, false, false, api::record_refund},

    Route{"POST", "/disputes", "recordDispute", Auth::Secret, "conversions.write",
          ErrorShape::Problem, false, false, api::record_dispute},

    Route{"GET", "/commissions", "listCommissions", Auth::Secret, "commissions.read",
          ErrorShape::Track, false, false, api::list_commissions},
    Route{"POST", "/commissions", "createCommission", Auth::Secret, "commissions.write",
          ErrorShape::Track, false, false, api::create_commission},
    Route{"PATCH", "/commissions/bulk", "bulkUpdateCommissions", Auth::Secret, "commissions.write",
          ErrorShape::Track, false, false, api::update_commissions},
    Route{"GET", "/commissions/{id}", "getCommission", Auth::Secret, "commissions.read",
          ErrorShape::Track, false, false, api::get_commission},
    Route{"PATCH", "/commissions/{id}", "updateCommission", Auth::Secret, "commissions.write",
          ErrorShape::Track, false, false, api::update_commission},

    Route{"GET", "/payouts", "listPayouts", Auth::Secret, "payouts.read", ErrorShape::Track, false,
          false, api::list_payouts},
    Route{"POST", "/payouts", "createPayouts", Auth::Secret, "payouts.write", ErrorShape::Problem,
          false, false, api::create_payouts},
    Route{"GET", "/payouts/export", "exportPayouts", Auth::Secret, "payouts.read",
          ErrorShape::Problem, false, false, api::export_payouts},
    Route{"GET", "/payouts/{id}", "getPayout", Auth::Secret, "payouts.read", ErrorShape::Problem,
          false, false, api::get_payout},
    Route{"POST", "/payouts/{id}/confirm", "confirmPayout", Auth::Secret, "payouts.write",
          ErrorShape::Problem, false, false, api::confirm_payout},
    Route{"POST", "/payouts/{id}/cancel", "cancelPayout", Auth::Secret, "payouts.write",
          ErrorShape::Problem, false, false, api::cancel_payout},
    Route{"POST", "/payouts/{id}/fail", "failPayout", Auth::Secret, "payouts.write",
          ErrorShape::Problem, false, false, api::fail_payout},

    Route{"GET", "/ledger/accounts", "listAccounts", Auth::Secret, "payouts.read",
          ErrorShape::Problem, false, false, api::list_accounts},
    Route{"GET", "/ledger/transactions", "listLedger", Auth::Secret, "payouts.read",
          ErrorShape::Problem, false, false, api::list_ledger},
    Route{"GET", "/ledger/key", "ledgerKey", Auth::Secret, "payouts.read", ErrorShape::Problem,
          false, false, api::ledger_key},
    Route{"GET", "/ledger/statements/{partnerId}", "partnerStatement", Auth::Secret, "payouts.read",
          ErrorShape::Problem, false, false, api::partner_statement},

    Route{"POST", "/tokens/embed/referrals", "createReferralsEmbedToken", Auth::Secret,
          "groups.write", ErrorShape::Track, false, false, api::create_embed_token},

    Route{"GET", "/embed/referrals", "embedReferrals", Auth::None, "", ErrorShape::Track, true,
          false, nullptr, api::embed_referrals},
};

}  // namespace hw
