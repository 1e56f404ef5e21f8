// SPDX-License-Identifier: Apache-2.0
// The one way in which a sale comes to its link: match it by all that is known now, write the
// decision when it is another than the one that stands, and move counts and money with it. A first
// decision, a retry, a repair and a replay are this same function.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/match_conversion.hpp"
#include "store/attributions.hpp"
#include "store/tx.hpp"

namespace hw {

// Decisions that no rung of the ladder made.
inline constexpr std::string_view kManualRung = "manual";  // a person's word
inline constexpr std::string_view kVoidRung = "void";      // another conversion has the payment
inline constexpr std::string_view kTestRung = "test";      // no real money

// Of a sale that is in no total and pays nobody.
bool counts_nowhere(std::string_view rung);

// A decision that the engine does not touch.
bool is_final(const Attribution& decision);

// The conversion keeps what pages said of it: they are forgotten one day.
void keep_seen_keys(Tx& tx, std::string_view conversion_id, const Match& match);

struct DecideConversion {
    std::string conversion_id;                  // of a sale
    std::optional<AttributionPolicy> policy{};  // nothing: the workspace's
    std::string decided_by = "engine";
};

struct Decided {
    std::optional<Attribution> before;  // nothing: this is the first decision
    Attribution after;                  // the same as before when nothing changed
    bool changed = false;
};

// What a person decided, what has no real money and what is another's payment stays as it is.
Decided decide_conversion(Tx& tx, const DecideConversion& input);

// The rules as they apply to one sale, and what they give now. Reads only.
struct PreviewedDecision {
    Match match;
    bool may_infer = false;
    bool follow_lead_only = false;
    std::optional<Customer> customer{};
};
PreviewedDecision preview_decision(Tx& tx, const std::string& conversion_id);

// Whether a decision is the same for everybody who reads or pays by it.
bool is_same_decision(const Attribution& a, const Attribution& b);

// What somebody else has decided: a person, or the undoing of a repair. Never refused.
Decided apply_decision(Tx& tx, const std::string& conversion_id, const Match& match,
                       const std::string& decided_by);

// The match behind a decision of the past.
Match match_of_decision(Tx& tx, const Attribution& decision);

// Takes the sale from its link for good: `into` has the payment.
void void_decision(Tx& tx, const std::string& conversion_id, std::string_view into);

}  // namespace hw
