// SPDX-License-Identifier: Apache-2.0
// The touches of the person behind a conversion, before it. What a journey is made of is decided
// here and nowhere else.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "core/journey.hpp"
#include "store/conversion_list.hpp"
#include "store/touches.hpp"
#include "store/tx.hpp"

namespace hw {

// By conversion id: in the order of time, the newest kJourneyTouchesMax. Of a decision without
// proof of the person no touch is the person's. To widen a journey, add more touches in
// touches_of_people() of the implementation.
std::map<std::string, std::vector<JourneyTouch>> journey_touches(
    Tx& tx, std::span<const ListedConversion> conversions);

// What clicks on links are as touches, for clicks whose person nobody knows.
std::vector<JourneyTouch> touches_of_clicks(Tx& tx, std::span<const Touch> clicks);

}  // namespace hw
