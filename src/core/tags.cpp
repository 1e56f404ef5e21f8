// SPDX-License-Identifier: Apache-2.0
#include "core/tags.hpp"

namespace hw {
namespace {

std::unexpected<Error> name_taken() {
    return fail(ErrorCode::Conflict, "A tag with that name already exists.", "duplicate_tag");
}

Result<Tag> find_existing(Tx& tx, std::string_view tag_id) {
    auto tag = find_tag(tx, tx.workspace_id(), tag_id);
    if (!tag) return fail(ErrorCode::NotFound, "Tag not found.", "tag_not_found");
    return std::move(*tag);
}

}  // namespace

Result<Tag> create_tag(Tx& tx, const TagFields& fields) {
    const auto any_color = kTagColors.at(tx.env().random_64() % kTagColors.size());
    Tag tag{.workspace_id = tx.workspace_id(),
            .tag_id = tx.new_id("tag_"),
            .name = fields.name.value_or(""),
            .color = fields.color.value_or(std::string(any_color)),
            .created_at_ms = tx.now_ms()};
    if (!insert_tag(tx, tag)) return name_taken();
    return tag;
}

Result<Tag> update_tag(Tx& tx, std::string_view tag_id, const TagFields& fields) {
    auto tag = HW_TRY(find_existing(tx, tag_id));
    tag.name = fields.name.value_or(tag.name);
    tag.color = fields.color.value_or(tag.color);
    const auto namesake = find_tag_by_name(tx, tag.workspace_id, tag.name);
    if (namesake && namesake->tag_id != tag.tag_id) return name_taken();
    update_tag(tx, tag);
    return tag;
}

Result<std::string> delete_tag(Tx& tx, std::string_view tag_id) {
    const auto tag = HW_TRY(find_existing(tx, tag_id));
    delete_tag(tx, tag);
    return tag.tag_id;
}

}  // namespace hw
