// SPDX-License-Identifier: Apache-2.0
#include "core/get_link.hpp"

#include "base/ascii.hpp"
#include "base/link_key.hpp"
#include "core/link_groups.hpp"

namespace hw {
namespace {

constexpr std::string_view kExternalIdPrefix = "ext_";

Result<Link> found_or_not(std::optional<Link> link) {
    if (!link) return std::unexpected(link_not_found());
    return std::move(*link);
}

Result<Link> find_by_external_id(Tx& tx, std::string_view external_id) {
    const bool prefixed = external_id.starts_with(kExternalIdPrefix);
    if (prefixed) external_id.remove_prefix(kExternalIdPrefix.size());
    auto link = find_link_by_external_id(tx, tx.workspace_id(), external_id);
    if (!link && !prefixed) {
        return fail(ErrorCode::BadRequest,
                    "Invalid externalId. Did you forget to prefix it with `ext_`?",
                    "invalid_external_id");
    }
    return found_or_not(std::move(link));
}

Result<Link> find_addressed(Tx& tx, const LinkAddress& address) {
    if (address.domain && address.key) {
        return found_or_not(find_link_by_key(tx, tx.workspace_id(), ascii_lower(*address.domain),
                                             fold_key(*address.key)));
    }
    if (address.link_id) return find_referenced_link(tx, *address.link_id);
    if (address.external_id) return find_by_external_id(tx, *address.external_id);
    return fail(ErrorCode::BadRequest,
                "You must provide a domain and a key or a linkId or an externalId to retrieve a "
                "link.",
                "no_link_address");
}

}  // namespace

Result<Link> find_referenced_link(Tx& tx, std::string_view reference) {
    if (reference.starts_with(kExternalIdPrefix)) return find_by_external_id(tx, reference);
    return found_or_not(find_link(tx, tx.workspace_id(), reference));
}

Result<LinkWithTotals> get_link(Tx& tx, std::string_view reference) {
    return with_totals(tx, HW_TRY(find_referenced_link(tx, reference)));
}

Result<LinkWithTotals> get_link_info(Tx& tx, const LinkAddress& address) {
    return with_totals(tx, HW_TRY(find_addressed(tx, address)));
}

}  // namespace hw
