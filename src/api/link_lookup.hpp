// SPDX-License-Identifier: Apache-2.0
// The link that a visitor asks for, from the cache or the database.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "api/prepared_link.hpp"
#include "base/error.hpp"

namespace hw {

class Api;

// Calls `found` with the link, or null when there is none: at once when cached, else on a database
// thread. An Error only when the database does not answer.
using FoundLink = std::move_only_function<void(Result<std::shared_ptr<const PreparedLink>>)>;
void look_up_link(Api& api, std::string domain, std::string key_folded, FoundLink found);

}  // namespace hw
