// SPDX-License-Identifier: Apache-2.0
#include "core/link_groups.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "store/folders.hpp"
#include "store/link_list.hpp"

namespace hw {
namespace {

using FindTag = std::optional<Tag> (*)(Tx&, std::string_view, std::string_view);

struct TagNames {
    const std::vector<std::string>& names;
    FindTag find;
    std::string_view field;  // where the caller wrote them
};

Result<std::vector<Tag>> find_all(Tx& tx, std::string_view workspace_id, const TagNames& wanted) {
    std::vector<Tag> tags;
    std::vector<std::string> unknown;
    for (const auto& name : wanted.names) {
        auto tag = wanted.find(tx, workspace_id, name);
        if (!tag) {
            unknown.push_back(name);
        } else if (std::ranges::find(tags, tag->tag_id, &Tag::tag_id) == tags.end()) {
            tags.push_back(std::move(*tag));
        }
    }
    if (unknown.empty()) return tags;
    return fail(ErrorCode::UnprocessableEntity,
                fmt::format("Invalid {} detected: {}", wanted.field, fmt::join(unknown, ", ")),
                "unknown_tags");
}

}  // namespace

Result<std::optional<std::vector<Tag>>> choose_tags(Tx& tx, std::string_view workspace_id,
                                                    const LinkFields& fields) {
    const auto& ids = fields.tag_ids;
    const auto& names = fields.tag_names;
    if (ids && (!ids->empty() || !names)) {
        return HW_TRY(find_all(tx, workspace_id, {*ids, find_tag, "tagIds"}));
    }
    if (!names) return std::nullopt;
    return HW_TRY(find_all(tx, workspace_id, {*names, find_tag_by_name, "tagNames"}));
}

Result<void> put_folder(Tx& tx, const LinkFields& fields, Link& link) {
    if (!fields.folder_id) return {};
    link.folder_id.reset();
    const auto& wanted = *fields.folder_id;
    if (!wanted || wanted->empty() || *wanted == kNoFolder) return {};
    if (!find_folder(tx, tx.workspace_id(), *wanted)) {
        return fail(ErrorCode::NotFound, "Folder not found.", "folder_not_found");
    }
    link.folder_id = *wanted;
    return {};
}

std::vector<LinkWithTotals> with_totals(Tx& tx, std::vector<Link> links) {
    const auto totals = link_totals(tx, tx.workspace_id(), links);
    std::vector<std::string> ids;
    for (const auto& link : links) ids.push_back(link.link_id);
    auto tags = tags_of_links(tx, tx.workspace_id(), ids);
    std::vector<LinkWithTotals> found;
    found.reserve(links.size());
    for (std::size_t i = 0; i < links.size(); ++i) {
        found.push_back({std::move(links[i]), totals[i], std::move(tags[ids[i]])});
    }
    return found;
}

LinkWithTotals with_totals(Tx& tx, Link link) {
    const auto totals = link_totals(tx, tx.workspace_id(), link.link_id);
    auto tags = tags_of_links(tx, tx.workspace_id(), {link.link_id});
    auto own = std::move(tags[link.link_id]);
    return {std::move(link), totals, std::move(own)};
}

}  // namespace hw
