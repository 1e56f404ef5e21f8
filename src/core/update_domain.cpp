// SPDX-License-Identifier: Apache-2.0
#include "core/update_domain.hpp"

#include "core/create_domain.hpp"

namespace hw {

Result<Domain> update_domain(Tx& tx, std::string_view slug,
                             const std::optional<std::string>& new_slug,
                             const DomainFields& fields) {
    auto domain = HW_TRY(find_named_domain(tx, tx.workspace_id(), slug));
    if (new_slug && HW_TRY(normalize_domain(*new_slug)) != domain.slug) {
        return fail(ErrorCode::UnprocessableEntity,
                    "The name of a domain cannot change: its owner has to be shown again. Add '" +
                        *new_slug + "' as a new domain and move the links there.",
                    "domain_renamed");
    }
    HW_CHECK(apply_fields(fields, domain));
    domain.updated_at_ms = tx.now_ms();
    update_domain(tx, domain);
    return domain;
}

}  // namespace hw
