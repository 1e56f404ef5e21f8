// SPDX-License-Identifier: Apache-2.0
// Something has become known about a person: whatever they bought is decided again. A part of it at
// once, and a job goes on with the rest, so that nobody's ten thousand sales hold a request up.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "store/conversion_evidence.hpp"
#include "store/identities.hpp"
#include "store/tx.hpp"

namespace hw {

// Job: subject = the value, payload = "<kind> <conversion id after which to go on>".
inline constexpr std::string_view kDecideAgainJob = "decide_again";

// The sales that told this about themselves, the oldest first: at most kDecidedAgainAtOnce now.
// Gives how many of those changed.
std::int64_t decide_again(Tx& tx, const Evidence& evidence);

// What was seen of visitors for the first time: the sales that they are behind, by any name.
void decide_again_for(Tx& tx, std::span<const Identity> seen_first);

// What the job does.
void go_on_deciding(Tx& tx, std::string_view value, std::string_view payload);

}  // namespace hw
