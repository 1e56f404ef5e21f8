// SPDX-License-Identifier: Apache-2.0
// GET /{key} on a short domain: the visitor goes on to the link's destination, and the click is on
// disk before the answer leaves.
#pragma once

#include <memory>

#include "api/http.hpp"
#include "store/domains.hpp"

namespace hw {

class Api;

// `domain` is the one that the request's host names.
void redirect(Api& api, const Request& request, std::shared_ptr<const Domain> domain, Reply reply);

}  // namespace hw
