// SPDX-License-Identifier: Apache-2.0
#include "core/delete_link.hpp"

#include "base/link_key.hpp"
#include "core/get_link.hpp"
#include "store/outbox.hpp"

namespace hw {

Result<std::string> delete_link(Tx& tx, std::string_view reference) {
    const auto link = HW_TRY(find_referenced_link(tx, reference));
    if (link.key == kRootKey) {
        return fail(ErrorCode::Forbidden,
                    "You can't delete a custom domain link. You can delete the domain instead.",
                    "root_link");
    }
    append_outbox(tx, "link.deleted", link.link_id);
    delete_link(tx, link);
    return link.link_id;
}

}  // namespace hw
