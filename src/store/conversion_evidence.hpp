// SPDX-License-Identifier: Apache-2.0
// What was told about the person behind a conversion and the way they came. Append-only, a set:
// told twice or in another order it is the same.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "store/tx.hpp"

namespace hw {

// The kinds.
inline constexpr std::string_view kClickEvidence = "click";        // click id
inline constexpr std::string_view kSlugEvidence = "slug";          // link key
inline constexpr std::string_view kCodeEvidence = "code";          // discount code
inline constexpr std::string_view kVisitorEvidence = "visitor";    // visitor fingerprint
inline constexpr std::string_view kSessionEvidence = "session";    // session id
inline constexpr std::string_view kEmailEvidence = "email";        // SHA-256 of the normal form
inline constexpr std::string_view kCustomerEvidence = "customer";  // the merchant's id
// A link's key in the URL of a page that the buyer saw, kept when the sale was decided: "key@time".
inline constexpr std::string_view kPageEvidence = "page";

struct Evidence {
    std::string kind;
    std::string value;
};

// False: it was told before.
bool insert_evidence(Tx& tx, std::string_view conversion_id, const Evidence& evidence);

// Of one conversion, in the order of kind and value.
std::vector<Evidence> evidence_of(Tx& tx, std::string_view conversion_id);

// The conversions after that id that the visitor is behind, by any name that they go by; oldest
// first.
std::vector<std::string> conversions_of_visitor(Tx& tx, std::string_view fingerprint,
                                                std::string_view after_id, std::int64_t limit);

// Those of the visitors who are behind a conversion, likewise.
std::vector<std::string> visitors_with_conversions(Tx& tx,
                                                   std::span<const std::string> fingerprints);

// The conversions that told it after that id, oldest first.
std::vector<std::string> conversions_with_evidence(Tx& tx, const Evidence& evidence,
                                                   std::string_view after_id, std::int64_t limit);

}  // namespace hw
