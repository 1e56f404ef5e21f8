// SPDX-License-Identifier: Apache-2.0
// The ladder: which touch and link a conversion belongs to. Pure over facts; the same function
// decides, explains and previews. Source of the rules: the attribution design, sections 1 and 2.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/attribution_policies.hpp"
#include "store/attributions.hpp"
#include "store/customers.hpp"
#include "store/links.hpp"
#include "store/touches.hpp"
#include "store/tx.hpp"

namespace hw {

inline constexpr std::int64_t kRuleVersion = 4;  // goes up when the same facts can match otherwise

// The confidence of a match that nothing proves, without and with the workspace's word for it.
inline constexpr std::string_view kInferredConfidence = "inferred";
inline constexpr std::string_view kAcceptedConfidence = "accepted";

// A link's key in the URL of a page that the buyer saw.
struct SeenKey {
    std::string key;
    std::int64_t at_ms = 0;
    auto operator<=>(const SeenKey&) const = default;
};

// What was told about the conversion in more than one place.
struct MatchEvidence {
    std::vector<std::string> click_ids;
    std::vector<std::string> link_slugs;
    std::vector<std::string> codes;
    std::vector<std::string> visitors;
    std::vector<std::string> sessions;
    std::vector<std::string> emails;  // SHA-256 of their normal form
    std::vector<SeenKey> seen_keys;   // found when it was decided before
};

// What is known about the conversion when it is matched.
struct MatchInput {
    std::int64_t occurred_at_ms = 0;
    std::string_view told_click_id{};    // click id in the request; may be empty
    std::string_view told_link_slug{};   // link key in the metadata; may be empty
    std::string_view told_code{};        // discount code; may be empty
    const Customer* customer = nullptr;  // null: nobody the merchant has named before
    std::optional<std::string> lead_event_name{};
    // A sale told by API for a known customer follows that customer's lead and nothing else
    // (docs/decisions/0005): other rungs are recorded and rejected.
    bool follow_lead_only = false;
    MatchEvidence evidence{};
    std::string_view told_customer_id{};  // the merchant's own; may be empty, or not known yet
    // The lead that this very sale brought, with its customer's origin: no proof of where it came
    // from.
    std::string_view own_lead_id{};
    bool had_origin = false;  // the customer came by a link before this sale all the same
    AttributionPolicy policy{};
    bool may_infer = false;  // rungs without proof of the person may be tried
};

struct Match {
    std::string rung;  // "orphan" when nothing was taken
    std::string confidence = "none";
    std::optional<std::int64_t> window_ms{};
    std::optional<Touch> touch{};     // set when the rung led to a click that is still stored
    std::optional<Link> link{};       // set unless orphan
    std::optional<Link> suggested{};  // of an orphan: for a person to accept
    std::string reason{};             // of an orphan
    std::vector<Candidate> candidates{};
    std::int64_t candidates_left_out = 0;
    std::vector<SeenKey> seen_keys{};  // for the conversion to keep, as pages are forgotten

    bool orphan() const { return !link.has_value(); }
    // Reported by itself, never counted or paid.
    bool is_inferred() const { return confidence == kInferredConfidence; }
    // The link counts it as its own.
    bool counts() const { return link.has_value() && !is_inferred(); }
};

Match match_conversion(Tx& tx, const MatchInput& input);

// The match as the next decision about a conversion.
Attribution attribution_of(Tx& tx, const Match& match, std::string_view conversion_id,
                           std::int64_t seq);

}  // namespace hw
