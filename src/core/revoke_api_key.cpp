// SPDX-License-Identifier: Apache-2.0
#include "core/revoke_api_key.hpp"

#include "store/workspaces.hpp"

namespace hw {

Result<void> revoke_api_key(Tx& tx, std::string_view workspace_id, std::string_view api_key_id) {
    if (delete_api_key(tx, workspace_id, api_key_id)) return {};
    return fail(ErrorCode::NotFound, "There is no key with this id in the workspace.", "no_key");
}

}  // namespace hw
