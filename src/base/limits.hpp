// SPDX-License-Identifier: Apache-2.0
// Every limit of the server, in one place. Each refusal that they cause has a test.
#pragma once

#include <cstddef>
#include <cstdint>

namespace hw::limits {

inline constexpr std::size_t kKiB = 1024;
inline constexpr std::size_t kMiB = 1024 * kKiB;
inline constexpr std::int64_t kSecondMs = 1000;

// HTTP
inline constexpr std::size_t kConnectionsMax = 10'000;
inline constexpr std::size_t kHeaderBytesMax = 32 * kKiB;
inline constexpr std::size_t kHeaderCountMax = 100;
inline constexpr std::size_t kUrlBytesMax = 16 * kKiB;
inline constexpr std::size_t kBodyBytesMax = kMiB;
inline constexpr std::size_t kImportBodyBytesMax = 32 * kMiB;  // of /links/import
inline constexpr std::size_t kQueryParametersMax = 200;
inline constexpr std::size_t kJsonDepthMax = 32;
inline constexpr int kHeaderDeadlineSeconds = 15;
inline constexpr int kBodyDeadlineSeconds = 30;
inline constexpr int kIdleDeadlineSeconds = 75;
inline constexpr int kWriteDeadlineSeconds = 30;  // without the client taking a byte
inline constexpr int kDrainSecondsMax = 30;
inline constexpr std::size_t kChunkLineBytesMax = 1'024;    // a chunk size with its extensions
inline constexpr std::size_t kForwardedAddressesMax = 32;   // looked at in X-Forwarded-For
inline constexpr std::size_t kRequestIdCharactersMax = 64;  // of an X-Request-Id that is kept
inline constexpr int kListenBacklog = 4'096;
inline constexpr std::size_t kPipelinedRequestsMax = 64;  // answered in order per connection

// Queues between the server and the database. Full means 503 with Retry-After.
inline constexpr std::size_t kWriteQueueMax = 4'096;
inline constexpr std::size_t kReadQueueMax = 4'096;
inline constexpr std::size_t kClickQueueMax = 16'384;
inline constexpr std::size_t kGroupCommitMax = 256;   // use cases in one SQLite commit
inline constexpr std::size_t kClickBatchMax = 2'048;  // clicks in one commit
inline constexpr int kRetryAfterSeconds = 1;

inline constexpr std::size_t kDnsQueueMax = 64;  // look-ups that wait

// Caches
inline constexpr std::size_t kLinkCacheBytes = 64 * kMiB;
inline constexpr std::size_t kKeyCacheBytes = 8 * kMiB;
inline constexpr std::size_t kDomainCacheBytes = 8 * kMiB;
inline constexpr std::size_t kRateLimiterBytes = 2 * kMiB;  // about 87,000 of them
inline constexpr std::size_t kUserAgentCacheEntries = 20'000;
inline constexpr std::size_t kRecentClicksMax = 1'000'000;  // visitor+link pairs of the last hour

// Fields (reference: the wire contract of the track endpoints)
inline constexpr std::size_t kMetadataCharactersMax = 10'000;
inline constexpr std::size_t kEventNameCharactersMax = 255;
inline constexpr std::size_t kCustomerTextCharactersMax = 100;
inline constexpr std::size_t kExternalIdCharactersMax = 255;  // indexed, and so are invoice ids
inline constexpr std::size_t kInvoiceIdCharactersMax = 255;
inline constexpr std::size_t kCurrencyCharactersMax = 16;  // longer than any code, known or not
inline constexpr std::size_t kIdempotencyKeyBytesMax = 255;
inline constexpr std::size_t kLandingUrlBytesMax = 2'048;  // stored with a click that a page tells
inline constexpr std::size_t kDestinationUrlCharactersMax = 32'000;
inline constexpr std::size_t kDomainCharactersMax = 190;
inline constexpr std::size_t kKeyCharactersMax = 190;
inline constexpr std::size_t kUserAgentBytesMax = 512;  // stored with a click
inline constexpr std::size_t kReferrerBytesMax = 1'024;
inline constexpr std::size_t kAllowedHostnamesMax = 10;
inline constexpr std::size_t kClientExternalIdCharactersMax = 100;  // told by a browser
inline constexpr std::size_t kPublishableKeyCharactersMin = 16;     // behind "dub_pk_"
inline constexpr std::size_t kPublishableKeyCharactersMax = 64;
inline constexpr std::int64_t kAmountMax = 9'007'199'254'740'991;  // 2^53 - 1, as JavaScript counts

// Links, lists and workspaces
inline constexpr std::size_t kReferenceCharactersMax = 255;    // external, tenant, partner ids, UTM
inline constexpr std::size_t kTitleCharactersMax = 120;        // longer ones are cut
inline constexpr std::size_t kDescriptionCharactersMax = 240;  // likewise
inline constexpr std::size_t kCommentsCharactersMax = 32'000;
inline constexpr std::size_t kPasswordCharactersMax = 255;  // of a link
inline constexpr std::size_t kTestVariantsMin = 2;
inline constexpr std::size_t kTestVariantsMax = 4;
inline constexpr std::int64_t kTestPercentageMin = 10;
inline constexpr std::int64_t kTestPercentageMax = 90;
inline constexpr std::size_t kTagNameCharactersMax = 190;
inline constexpr std::size_t kFolderNameCharactersMax = 190;
inline constexpr std::size_t kFolderDescriptionCharactersMax = 500;
inline constexpr std::int64_t kFolderPageSizeMax = 50;
inline constexpr std::size_t kBulkLinksMax = 100;         // links of one call to /links/bulk
inline constexpr std::size_t kImportRowsMax = 100'000;    // of one call
inline constexpr std::size_t kImportBatchRows = 500;      // of one transaction
inline constexpr std::size_t kImportErrorsMax = 1'000;    // told one by one
inline constexpr std::size_t kBulkCommissionsMax = 100;   // of one call to /commissions/bulk
inline constexpr std::int64_t kMetadataRowsAtOnce = 500;  // of commissions with a `query`
inline constexpr std::int64_t kMetadataRowsMax = 50'000;  // that one call reads for it
inline constexpr std::int64_t kCommissionAmountMax = 99'999'999'999;
inline constexpr std::size_t kCommissionTextCharactersMax = 190;
inline constexpr std::int64_t kLedgerPageMax = 1'000;  // transactions
inline constexpr std::int64_t kStatementTransactionsMax = 50'000;
inline constexpr std::int64_t kRandomKeyLength = 7;
inline constexpr std::int64_t kRandomKeyLengthMin = 3;
inline constexpr std::int64_t kPageMax = 1'000;
inline constexpr std::int64_t kPageSizeMax = 100;
inline constexpr std::size_t kWorkspaceNameCharactersMax = 100;
inline constexpr std::size_t kSlugCharactersMax = 48;
inline constexpr std::int64_t kDomainPageSizeMax = 50;
inline constexpr std::size_t kDomainTextCharactersMax = 255;            // its placeholder
inline constexpr std::size_t kAppAssociationCharactersMax = 16 * kKiB;  // JSON for Android, iOS
inline constexpr std::int64_t kSetupTokenMs = 1'800 * kSecondMs;

// Partner programmes
inline constexpr std::size_t kProgramTextCharactersMax = 190;  // names, e-mails
inline constexpr std::size_t kProgramsMax = 100;               // of a workspace
inline constexpr std::size_t kGroupsOfProgramMax = 1'000;
inline constexpr std::size_t kRewardsOfProgramMax = 5'000;
inline constexpr std::int64_t kFlatRewardMax = 99'999'999;  // minor units
inline constexpr std::int64_t kPercentageMax = 10'000;      // hundredths of a percent
inline constexpr std::int64_t kRewardMonthsMax = 600;
inline constexpr std::size_t kRewardModifiersMax = 50;
inline constexpr std::size_t kModifierConditionsMax = 50;
inline constexpr std::size_t kConditionValuesMax = 1'000;
inline constexpr std::size_t kConditionValueCharactersMax = 255;
inline constexpr std::size_t kRewardTextCharactersMax = 1'000;  // description, tooltip
inline constexpr std::size_t kLinkHostsMax = 100;               // of a group
inline constexpr std::size_t kDefaultLinksMax = 10;             // of a group
inline constexpr std::size_t kPartnerNameCharactersMax = 100;   // and of its user name
inline constexpr std::size_t kPartnerEmailCharactersMax = 190;
inline constexpr std::size_t kPartnerDescriptionCharactersMax = 5'000;
inline constexpr std::size_t kRejectionNoteCharactersMax = 500;
inline constexpr std::size_t kFormFieldsMax = 50;  // of an application
inline constexpr std::size_t kFormTextCharactersMax = 5'000;
inline constexpr std::size_t kDiscountCodeCharactersMax = 100;
inline constexpr std::int64_t kEmbedTokenMs = 3'600 * kSecondMs;

// Attribution
inline constexpr std::size_t kCandidatesRecordedMax = 50;
inline constexpr std::int64_t kInferredCandidatesMax = 10;  // of one rung without proof
inline constexpr std::int64_t kTouchesLookedAtMax = 1'000;  // to find them among those of bots
inline constexpr std::int64_t kDecidedAgainAtOnce = 100;    // with a piece of evidence
inline constexpr std::size_t kPersonClicksMax = 1'000;      // looked at for one conversion
inline constexpr std::int64_t kPageKeysMax = 20;            // likewise, of URLs of pages
inline constexpr std::int64_t kRepairedAtOnceMax = 500;     // by one request
inline constexpr std::int64_t kClockSkewMs = 300 * kSecondMs;
inline constexpr std::int64_t kClickDedupMs = 3'600 * kSecondMs;

// What websites and shops tell
inline constexpr std::size_t kIngestBodyBytesMax = 64 * kKiB;
inline constexpr std::size_t kRevenueBatchBytesMax = kMiB;
inline constexpr std::size_t kRevenueBatchMax = 100;
inline constexpr std::size_t kIngestTextCharactersMax = 255;
inline constexpr std::size_t kIngestTokensMax = 100;    // of a workspace, revoked ones too
inline constexpr std::size_t kPageUrlBytesMax = 2'048;  // the rest is cut, as in what follows
inline constexpr std::size_t kPageTitleBytesMax = 512;
inline constexpr std::size_t kEventDataBytesMax = 8 * kKiB;  // longer ones are left out
inline constexpr std::size_t kPageBatchMax = 512;            // told in one transaction
inline constexpr std::size_t kPageQueueMax = 16'384;
inline constexpr std::int64_t kPageDedupMs = 10 * kSecondMs;  // of what has no id
inline constexpr std::int64_t kSessionIdleMs = 1'800 * kSecondMs;
inline constexpr std::int64_t kPageViewDays = 395;       // that they are kept
inline constexpr std::int64_t kPageViewDaysMax = 3'650;  // likewise, at most
inline constexpr std::int64_t kFingerprintsOfPersonMax = 50;
inline constexpr std::int64_t kAddressesOfVisitorMax = 200;

// QR codes
inline constexpr std::int64_t kQrSizeMax = 2'048;     // pixels on a side
inline constexpr std::int64_t kQrMarginMax = 100;     // modules
inline constexpr std::size_t kQrUrlBytesMax = 2'953;  // what the largest code holds

// Analytics
inline constexpr std::int64_t kScanBudgetMs = 2'000;  // of one answer that reads facts
inline constexpr std::int64_t kScanRowsAtOnce = 2'000;
inline constexpr std::size_t kScanQueueMax = 64;
inline constexpr std::size_t kGroupsMax = 5'000;
inline constexpr std::size_t kFilterCharactersMax = 10'000;  // of one filter, and of `query`
inline constexpr std::size_t kLinkBookMax = 10'000;          // links known at once
inline constexpr std::int64_t kEventsPageMax = 1'000;

// Journeys and reports of attribution
inline constexpr std::size_t kJourneyTouchesMax = 200;       // of one conversion, the newest
inline constexpr std::int64_t kReportDaysMax = 400;          // of one report
inline constexpr std::int64_t kReportFactsMax = 200'000;     // sales and clicks of one report
inline constexpr std::int64_t kReportBudgetMs = 10'000;      // of one report
inline constexpr std::size_t kMarkovKeysMax = 500;           // different ones in one chain
inline constexpr std::int64_t kHalfLifeDaysMax = 365;        // of time_decay
inline constexpr std::int64_t kJourneyLearnDays = 30;        // before a conversion
inline constexpr std::size_t kSpendRowsMax = 20'000;         // of one import
inline constexpr std::size_t kSpendTextCharactersMax = 190;  // source and campaign

// Fraud rules
inline constexpr std::int64_t kFraudGroupMs = 30 * 86'400 * kSecondMs;  // after its last event
inline constexpr std::int64_t kFraudTouchesRead = 1'000;  // looked at for one commission
inline constexpr std::int64_t kFraudSettledAtOnce = 200;  // commissions of one transaction
inline constexpr std::int64_t kFraudEventsShown = 100;    // of a group, in one answer
inline constexpr std::size_t kFraudDomainsMax = 1'000;    // of referralSourceBanned
inline constexpr std::size_t kFraudDomainCharactersMax = 190;
inline constexpr std::int64_t kFraudClicksMax = 1'000'000'000;  // in the settings of clickFlooding

// Workflows and bounties
inline constexpr std::int64_t kWorkflowsMax = 100;  // of a workspace: all are looked at each time
inline constexpr std::size_t kWorkflowConditionsMax = 10;
inline constexpr std::size_t kWorkflowValuesMax = 100;  // of one condition
inline constexpr std::size_t kWorkflowNameCharactersMax = 190;
inline constexpr std::int64_t kWorkflowPartnersAtOnce = 200;  // of one transaction
inline constexpr std::size_t kBountyNameCharactersMax = 190;
inline constexpr std::size_t kBountyDescriptionCharactersMax = 5'000;
inline constexpr std::int64_t kBountyRewardMax = 99'999'999;  // minor units
inline constexpr std::size_t kSubmissionTextCharactersMax = 5'000;
inline constexpr std::size_t kSubmissionUrlsMax = 20;  // and files

// Exports and live events
inline constexpr std::int64_t kExportRowsAtOnce = 1'000;  // of one transaction, and of one piece
inline constexpr std::int64_t kStreamRowsAtOnce = 1'000;
inline constexpr std::size_t kStreamsMax = 1'000;          // of one server
inline constexpr std::size_t kStreamsOfWorkspaceMax = 50;  // likewise
inline constexpr std::size_t kStreamBytesMax = 8 * kMiB;   // that wait for one slow reader
inline constexpr std::size_t kStreamPieceBytes = 256 * kKiB;
inline constexpr std::int64_t kEventLateMs = 30'000;      // from its id to its commit
inline constexpr std::int64_t kStreamOverlapMs = 40'000;  // sent again to a client that resumes

// Background jobs
inline constexpr std::size_t kJobDestinationsKnownMax = 100'000;  // by one node
inline constexpr std::int64_t kJobsDueAtOnce = 500;               // of one transaction
inline constexpr std::int64_t kJobsRevivedAtOnce = 500;           // likewise
inline constexpr std::int64_t kJobDepthMax = 100'000;             // counted of each state
inline constexpr std::size_t kJobNoteCharactersMax = 500;         // likewise reasons

// Webhooks
inline constexpr std::size_t kWebhooksMax = 20;  // of one workspace
inline constexpr std::size_t kWebhookNameCharactersMax = 40;
inline constexpr std::size_t kWebhookUrlCharactersMax = 2'048;
inline constexpr std::size_t kWebhookLinksMax = 100;           // named in one endpoint's scope
inline constexpr std::size_t kWebhookSecretBytesMin = 24;      // behind whsec_, base64-decoded
inline constexpr std::size_t kWebhookSecretBytesMax = 64;      // likewise
inline constexpr std::int64_t kWebhookRotationHoursMax = 168;  // that an old secret stays good
inline constexpr std::size_t kWebhookAnswerBytesMax = 64 * kKiB;
inline constexpr std::size_t kWebhookAnswerKeptBytes = 4 * kKiB;  // with the attempt
inline constexpr int kWebhookTimeoutMs = 30'000;
inline constexpr std::int64_t kRetryAfterMsMax = 86'400 * kSecondMs;
inline constexpr std::int64_t kReplayEventsMax = 1'000;  // of one call

// Payment webhooks
inline constexpr std::size_t kPaymentConnectionsMax = 50;  // of one workspace
inline constexpr std::size_t kPaymentSecretsMax = 2;       // in use at once, of one connection
inline constexpr std::size_t kPaymentSecretCharactersMin = 16;
inline constexpr std::size_t kPaymentSecretCharactersMax = 255;
inline constexpr std::size_t kPaymentConnectionIdMax = 64;      // as a seed file names it
inline constexpr std::size_t kPaymentAccountIdMax = 255;        // of a connected account
inline constexpr std::size_t kQuarantineReasonMax = 500;        // characters, of a decision
inline constexpr std::size_t kKeptHeaderBytesMax = 4 * kKiB;    // of one header
inline constexpr std::int64_t kQuarantineRowsMax = 500;         // of one connection
inline constexpr std::int64_t kQuarantineBytesMax = 50 * kMiB;  // likewise
inline constexpr std::int64_t kQuarantineMs = 30 * 86'400 * kSecondMs;

// Avatars
inline constexpr std::size_t kAvatarBytesMax = 5 * kMiB;
inline constexpr int kAvatarSize = 128;                // of the stored copy, both sides
inline constexpr std::int64_t kAvatarSideMax = 4'096;  // of a picture that is decoded

// Pages that are asked for their title, description and picture
inline constexpr std::size_t kMetaPageBytesMax = kMiB;
inline constexpr std::size_t kMetaTextBytesMax =
    2'048;                                     // of a title or description; the rest is cut
inline constexpr int kMetaPageDepthMax = 256;  // elements in each other
inline constexpr std::size_t kMetaTagMarksMax = 4'000;  // what may separate attributes in one tag
inline constexpr std::size_t kMetaFetchesMax = 4;       // at once
inline constexpr std::size_t kMetaFetchQueueMax = 64;
inline constexpr int kMetaRedirectsMax = 4;
inline constexpr int kMetaTimeoutMs = 2'500;  // of one request

}  // namespace hw::limits
