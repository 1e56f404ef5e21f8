// SPDX-License-Identifier: Apache-2.0
// Why a conversion belongs where it does: the fact, every decision about it, and the evidence.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "core/journey.hpp"
#include "store/attributions.hpp"
#include "store/conversion_evidence.hpp"
#include "store/conversions.hpp"
#include "store/customers.hpp"
#include "store/links.hpp"
#include "store/touches.hpp"

namespace hw {

struct Explanation {
    Conversion conversion;
    std::vector<Attribution> decisions;  // oldest first; the last one is current; never empty
    std::optional<Customer> customer;
    std::optional<Touch> touch;
    std::optional<Link> link;
    std::optional<JourneyTouch> first_touch{};  // of the person's journey to it
    std::optional<JourneyTouch> last_touch{};
    std::vector<Evidence> evidence{};  // all that was told about the person and the way they came
};

// `id` is a conversion id or an invoice id. NotFound names what was looked for.
Result<Explanation> explain_conversion(Tx& tx, std::string_view id);

// The rungs and their outcome in sentences, for a terminal.
std::string explanation_text(const Explanation& explanation);

}  // namespace hw
