// SPDX-License-Identifier: Apache-2.0
#include "store/tags.hpp"

#include <fmt/format.h>

#include "store/json_array.hpp"
#include "store/like_pattern.hpp"

namespace hw {
namespace {

const Query kInsertTag{"insert_tag", R"sql(
insert into tags (workspace_id, tag_id, name, color, created_at_ms) values ($1, $2, $3, $4, $5)
on conflict do nothing returning 1
)sql"};

const Query kUpdateTag{"update_tag", R"sql(
update tags set name = $3, color = $4 where workspace_id = $1 and tag_id = $2
)sql"};

const Query kDeleteTag{"delete_tag", "delete from tags where workspace_id = $1 and tag_id = $2"};

const Query kUnlinkTag{"unlink_tag",
                       "delete from link_tags where workspace_id = $1 and tag_id = $2"};

const Query kFindTag{"find_tag", R"sql(
select workspace_id, tag_id, name, color, created_at_ms
from tags where workspace_id = $1 and tag_id = $2
)sql"};

const Query kFindTagByName{"find_tag_by_name", R"sql(
select workspace_id, tag_id, name, color, created_at_ms
from tags where workspace_id = $1 and lower(name) = lower($2)
)sql"};

// The engines read a JSON array with functions of their own.
std::string list_sql(std::string_view ids) {
    return fmt::format(R"sql(
select workspace_id, tag_id, name, color, created_at_ms from tags
where workspace_id = $1 and ($2 = '' or lower(name) like $2 escape '\')
    and ($3 = '' or tag_id in ({}))
order by
    case when $4 = 'name asc' then lower(name) end,
    case when $4 = 'name desc' then lower(name) end desc,
    case when $4 = 'created asc' then tag_id end,
    tag_id desc
limit $5 offset $6
)sql",
                       ids);
}

const Query kListTags{"list_tags", list_sql("select value from json_each($3)"),
                      list_sql("select json_array_elements_text(cast($3 as json))")};

const Query kClearLinkTags{"clear_link_tags",
                           "delete from link_tags where workspace_id = $1 and link_id = $2"};

const Query kAddLinkTag{"add_link_tag", R"sql(
insert into link_tags (workspace_id, link_id, tag_id, position) values ($1, $2, $3, $4)
on conflict do nothing
)sql"};

std::string tags_of_links_sql(std::string_view ids) {
    return fmt::format(R"sql(
select t.workspace_id, t.tag_id, t.name, t.color, t.created_at_ms, g.link_id
from link_tags g join tags t on t.workspace_id = g.workspace_id and t.tag_id = g.tag_id
where g.workspace_id = $1 and g.link_id in ({})
order by g.link_id, g.position, t.tag_id
)sql",
                       ids);
}

const Query kTagsOfLinks{"tags_of_links", tags_of_links_sql("select value from json_each($2)"),
                         tags_of_links_sql("select json_array_elements_text(cast($2 as json))")};

Tag tag_from(const Row& row) {
    return {row.text(0), row.text(1), row.text(2), row.text(3), row.int64(4)};
}

}  // namespace

bool insert_tag(Tx& tx, const Tag& tag) {
    return tx.any(kInsertTag, tag.workspace_id, tag.tag_id, tag.name, tag.color, tag.created_at_ms);
}

void update_tag(Tx& tx, const Tag& tag) {
    tx.exec(kUpdateTag, tag.workspace_id, tag.tag_id, tag.name, tag.color);
}

void delete_tag(Tx& tx, const Tag& tag) {
    tx.exec(kUnlinkTag, tag.workspace_id, tag.tag_id);
    tx.exec(kDeleteTag, tag.workspace_id, tag.tag_id);
}

std::optional<Tag> find_tag(Tx& tx, std::string_view workspace_id, std::string_view tag_id) {
    return tx.first(kFindTag, tag_from, workspace_id, tag_id);
}

std::optional<Tag> find_tag_by_name(Tx& tx, std::string_view workspace_id, std::string_view name) {
    return tx.first(kFindTagByName, tag_from, workspace_id, name);
}

std::vector<Tag> list_tags(Tx& tx, std::string_view workspace_id, const TagFilter& filter) {
    const auto pattern = like_pattern(filter.search);
    const auto ids = filter.ids ? json_array_text(*filter.ids) : std::string();
    const auto order = fmt::format("{} {}", filter.by_name ? "name" : "created",
                                   filter.ascending ? "asc" : "desc");
    return tx.all(kListTags, tag_from, workspace_id, pattern, ids, order, filter.limit,
                  filter.offset);
}

void set_link_tags(Tx& tx, std::string_view workspace_id, std::string_view link_id,
                   const std::vector<Tag>& tags) {
    tx.exec(kClearLinkTags, workspace_id, link_id);
    std::int64_t position = 0;
    for (const auto& tag : tags) {
        tx.exec(kAddLinkTag, workspace_id, link_id, tag.tag_id, position++);
    }
}

LinkTags tags_of_links(Tx& tx, std::string_view workspace_id,
                       const std::vector<std::string>& link_ids) {
    LinkTags tags;
    if (link_ids.empty()) return tags;
    tx.each(
        kTagsOfLinks, [&](const Row& row) { tags[row.text(5)].push_back(tag_from(row)); },
        workspace_id, json_array_text(link_ids));
    return tags;
}

}  // namespace hw
