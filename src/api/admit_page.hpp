// SPDX-License-Identifier: Apache-2.0
// What a page of a shop must pass before its visitor is recorded: its link is there, and the page
// may speak for the link's workspace.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "api/http.hpp"
#include "api/prepared_link.hpp"
#include "base/error.hpp"

namespace hw {

class Api;

struct NamedLink {
    std::string domain;
    std::string key;         // as the page wrote it
    std::string key_folded;  // as links are looked up
};

struct AdmittedPage {
    std::shared_ptr<const PreparedLink> link;
    std::optional<Error> refused;  // why the page may not speak for the workspace
};

// Calls `then` when the salts of the day are known, too: Visitors::observe may follow. An Error
// when there is no such link, or the database does not answer. The request must live until then.
using PageAdmitted = std::move_only_function<void(Result<AdmittedPage>)>;
void admit_page(Api& api, const Request& request, NamedLink named, PageAdmitted then);

}  // namespace hw
