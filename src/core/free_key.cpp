// SPDX-License-Identifier: Apache-2.0
#include "core/free_key.hpp"

#include "base/id.hpp"
#include "base/limits.hpp"

namespace hw {

Result<void> check_key_is_free(Tx& tx, const std::optional<std::string>& domain,
                               const std::string& key, const KeyReserved& key_reserved) {
    Link link;
    link.workspace_id = tx.workspace_id();
    link.domain = HW_TRY(choose_domain(tx, domain));
    HW_CHECK(set_key(link, key, key_reserved));
    const auto clash = find_link_clash(tx, link);
    if (clash != LinkClash::None) return std::unexpected(clash_error(clash, link));
    return {};
}

Result<std::string> random_free_key(Tx& tx, const std::optional<std::string>& domain,
                                    const KeyReserved& key_reserved) {
    const auto chosen = HW_TRY(choose_domain(tx, domain));
    while (true) {
        auto key = random_text(limits::kRandomKeyLength, tx.env());
        if (check_key_is_free(tx, chosen, key, key_reserved)) return key;
    }
}

}  // namespace hw
