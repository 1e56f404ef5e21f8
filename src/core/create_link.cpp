// SPDX-License-Identifier: Apache-2.0
#include "core/create_link.hpp"

#include "base/id.hpp"
#include "core/link_groups.hpp"
#include "core/partner_links.hpp"
#include "store/outbox.hpp"

namespace hw {
namespace {

// A clash of 7 random characters is rare; of 3 it is not.
constexpr int kAttemptsMax = 20;

// False: the key is taken.
Result<bool> insert_with_key(Tx& tx, Link& link) {
    if (insert_link(tx, link)) return true;
    const auto clash = find_link_clash(tx, link);
    if (clash == LinkClash::ExternalId) return std::unexpected(clash_error(clash, link));
    return false;
}

Result<void> insert_with_random_key(Tx& tx, Link& link, const CreateLink& input) {
    const auto length = static_cast<std::size_t>(input.key_length);
    const auto prefix = input.prefix.empty() ? std::string{} : input.prefix + "/";
    for (int attempt = 0; attempt < kAttemptsMax; ++attempt) {
        const auto key = prefix + random_text(length, tx.env());
        const auto set = set_key(link, key, input.key_reserved);
        // Another random key may be allowed where this one was not, but not behind a bad prefix.
        if (!set && !prefix.empty()) return std::unexpected(set.error());
        if (set && HW_TRY(insert_with_key(tx, link))) return {};
    }
    return fail(ErrorCode::Conflict,
                "Duplicate key: no free random key of this keyLength was found. Ask for a longer "
                "keyLength, or give a key.",
                "no_free_key");
}

}  // namespace

Result<LinkWithTotals> create_link(Tx& tx, const CreateLink& input) {
    Link link;
    link.workspace_id = tx.workspace_id();
    link.link_id = tx.new_id("link_");
    link.created_at_ms = link.updated_at_ms = tx.now_ms();
    if (!input.fields.url || input.fields.url->empty()) {
        return fail(ErrorCode::BadRequest, "Missing destination URL", "no_url");
    }
    link.domain = HW_TRY(choose_domain(tx, input.fields.domain));
    HW_CHECK(apply_fields(input.fields, link));
    HW_CHECK(put_folder(tx, input.fields, link));
    HW_CHECK(check_link_partner(tx, input.fields, link));
    auto tags =
        HW_TRY(choose_tags(tx, link.workspace_id, input.fields)).value_or(std::vector<Tag>{});
    if (input.fields.key) {
        HW_CHECK(set_key(link, *input.fields.key, input.key_reserved));
        const bool made = HW_TRY(insert_with_key(tx, link));
        if (!made) return std::unexpected(clash_error(LinkClash::Key, link));
    } else {
        HW_CHECK(insert_with_random_key(tx, link, input));
    }
    if (!tags.empty()) set_link_tags(tx, link.workspace_id, link.link_id, tags);
    append_outbox(tx, "link.created", link.link_id);
    return LinkWithTotals{std::move(link), {}, std::move(tags)};
}

}  // namespace hw
