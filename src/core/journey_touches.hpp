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
#include "store/page_views.hpp"
#include "store/touches.hpp"
#include "store/tx.hpp"

namespace hw {

// By conversion id: in the order of time, the newest kJourneyTouchesMax. Of a decision without
// proof of the person no touch is the person's. Clicks on links are touches, and so are the pages
// with which the person's sessions began.
std::map<std::string, std::vector<JourneyTouch>> journey_touches(
    Tx& tx, std::span<const ListedConversion> conversions);

// What clicks on links are as touches, for clicks whose person nobody knows.
std::vector<JourneyTouch> touches_of_clicks(Tx& tx, std::span<const Touch> clicks);

// The same of the pages with which sessions began.
std::vector<JourneyTouch> touches_of_pages(Tx& tx, std::span<const PageView> pages);

// Takes the pages away that a click among the touches led to: both are the one visit. The touches
// are in the order of time.
void leave_out_landings(std::vector<JourneyTouch>& touches);

}  // namespace hw
