// SPDX-License-Identifier: Apache-2.0
// A customer comes into being: by a lead, or by a sale without one.
#pragma once

#include <optional>
#include <string>

#include "store/customers.hpp"
#include "store/links.hpp"
#include "store/touches.hpp"
#include "store/tx.hpp"

namespace hw {

struct NewCustomer {
    std::string external_id;
    std::optional<std::string> name;
    std::optional<std::string> email;
    std::optional<std::string> avatar;  // URL at the merchant; copied by a job
};

// Makes the customer, named by name, else e-mail, else at random. The caller has looked for one
// with that external id; when there is one by now the transaction runs again.
// Without a link the customer came by none that is known.
Customer create_customer(Tx& tx, const NewCustomer& input, const Link* link, const Touch* touch);

// A customer who came by no link that was known comes by this one. Gives the customer as it is then.
Customer adopt_origin(Tx& tx, Customer customer, const Link& link, const Touch* touch);

inline constexpr std::string_view kCopyAvatarJob = "copy_avatar";

}  // namespace hw
