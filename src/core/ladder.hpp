// SPDX-License-Identifier: Apache-2.0
// The rungs of the ladder as a table: what each looks for, how sure it is, and how old a touch may
// be. The rule, its trace and its documentation are this one table. Source: the attribution design,
// section 1.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/match_conversion.hpp"

namespace hw {

// A candidate before it is judged.
struct Found {
    std::optional<Touch> touch{};
    std::optional<std::string> link_id{};
    std::optional<std::string> lead_id{};
    std::string missing{};  // why there is less than expected, for example "click_not_found"
    std::optional<std::int64_t> seen_at_ms{};  // of a page, where there is no touch

    std::optional<std::int64_t> at_ms() const {
        return touch ? std::optional(touch->at_ms) : seen_at_ms;
    }
};

// Reads what the rungs need, each row once.
class LadderFacts {
  public:
    LadderFacts(Tx& tx, const MatchInput& input) : tx_(tx), input_(input) {}

    const MatchInput& input() const { return input_; }
    Tx& tx() { return tx_; }
    // The customer's link and click came with this very sale.
    bool brought_origin() const { return !input_.own_lead_id.empty() && !input_.had_origin; }
    const std::optional<Link>& link(const std::string& link_id);
    const std::optional<Touch>& touch(const std::string& touch_id);
    // The clicks of the person who bought, by whatever is known of them, in the longest window of
    // the identity rungs.
    const std::vector<Touch>& clicks_of_person();
    // The keys of links in the URLs of the pages that they saw, in the same time.
    const std::vector<SeenKey>& seen_keys();

  private:
    const std::vector<std::string>& visitors();
    std::vector<Touch> clicks_of_customer();
    Tx& tx_;
    const MatchInput& input_;
    std::map<std::string, std::optional<Link>> links_;
    std::map<std::string, std::optional<Touch>> touches_;
    std::optional<std::vector<std::string>> visitors_;
    std::optional<std::vector<Touch>> of_person_;
    std::optional<std::vector<SeenKey>> seen_keys_;
};

// How a rung knows whose touch it is.
enum class Proof : std::uint8_t {
    Told,    // the conversion names it
    Lead,    // the customer's own lead
    Person,  // the same person by identity
    None,    // nobody knows that it was the same person
};

struct Rung {
    std::string_view name;
    std::string_view confidence;
    std::optional<std::int64_t> window_ms;  // from touch to conversion; nothing: no window
    Proof proof;
    std::vector<Found> (*find)(LadderFacts&);
};

// In order. The first rung with a candidate that stands decides. A day of a window is always
// 86,400 s of UTC, never a calendar day.
std::span<const Rung> ladder();

// The rung as the workspace has set it, else as the ladder says.
RungSetting setting_of(const AttributionPolicy& policy, const Rung& rung);

// The workspace's links of that key, those of the primary domain first.
std::vector<Link> links_of_key(Tx& tx, std::string_view slug);

}  // namespace hw
