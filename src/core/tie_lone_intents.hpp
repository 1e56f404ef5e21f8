// SPDX-License-Identifier: Apache-2.0
// Which payment intent has paid which invoice where no event says so: since 2025 a processor tells
// that in an event of its own, which not every endpoint listens to.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "store/payment_facts.hpp"

namespace hw {

// Facts of one payment by their names, as far as facts tie the names together.
using PaymentGroups = std::map<std::string, std::vector<const PaymentFact*>>;

// An intent of the same customer with the same amount within an hour of an invoice (or of a
// checkout) that names no intent has paid it; each pays one, those nearest in time first. One fact
// for each pair, as if the processor had told it.
std::vector<PaymentFact> tie_lone_intents(const PaymentGroups& groups);

// Money that nobody but a payment intent or a charge tells of.
bool is_bare_payment(const PaymentFact& fact);

// Money that an invoice or a checkout tells of.
bool is_itemized_payment(const PaymentFact& fact);

}  // namespace hw
