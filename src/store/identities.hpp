// SPDX-License-Identifier: Apache-2.0
// What was seen together: sessions, customers, e-mail addresses and clicks of one visitor. So the
// clicks of a person are found by whatever is known of them. Append-only facts.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "store/touches.hpp"
#include "store/tx.hpp"

namespace hw {

// What is known of somebody. Any of them may be empty.
struct PersonKeys {
    std::string customer_id{};           // ours
    std::string external_customer_id{};  // the merchant's own
    std::string visitor_fingerprint{};
    std::string session_id{};
    std::string email_hash{};  // SHA-256 hex of the normal form
};

struct ClickTimes {
    std::int64_t from_ms = 0;
    std::int64_t to_ms = 0;  // included
    std::size_t limit = 0;
};

// The clicks on links that this person is known to have made in [from_ms, to_ms], newest first
// (then the greatest id). A person who was not named has those of the customer whom alone their
// browser knows as well. Bots' are among them and say so.
std::vector<Touch> clicks_of_person(Tx& tx, std::string_view workspace_id, const PersonKeys& person,
                                    std::int64_t from_ms, std::int64_t to_ms, std::size_t limit);

// The same of those who are these visitors.
std::vector<Touch> clicks_of_visitors(Tx& tx, std::string_view workspace_id,
                                      std::span<const std::string> fingerprints,
                                      const ClickTimes& times);

// The visitors that this person is known as, at most limits::kFingerprintsOfPersonMax.
std::vector<std::string> fingerprints_of_person(Tx& tx, std::string_view workspace_id,
                                                const PersonKeys& person);

struct Identity {
    std::string workspace_id;
    std::string kind;  // session, customer, email, address, click, visitor
    std::string value;
    std::string fingerprint;
    std::int64_t at_ms = 0;
};

// Twice is once: the time that was told first stays. Gives those that were not known; they differ.
std::vector<Identity> insert_identities(Tx& tx, std::span<const Identity> identities);

// Makes the clicks findable by their visitor, in workspaces that have ingest tokens. A bot's stays
// away.
void insert_visitor_clicks(Tx& tx, std::span<const Touch* const> touches);

}  // namespace hw
