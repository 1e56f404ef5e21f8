// SPDX-License-Identifier: Apache-2.0
#include "store/folders.hpp"

#include "store/like_pattern.hpp"

namespace hw {
namespace {

const Query kInsertFolder{"insert_folder", R"sql(
insert into folders (workspace_id, folder_id, name, description, access_level, created_at_ms,
    updated_at_ms)
values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing returning 1
)sql"};

const Query kUpdateFolder{"update_folder", R"sql(
update folders set name = $3, description = $4, access_level = $5, updated_at_ms = $6
where workspace_id = $1 and folder_id = $2
)sql"};

const Query kDeleteFolder{"delete_folder",
                          "delete from folders where workspace_id = $1 and folder_id = $2"};

const Query kEmptyFolder{"empty_folder", R"sql(
update links set folder_id = null where workspace_id = $1 and folder_id = $2
)sql"};

const Query kFindFolder{"find_folder", R"sql(
select workspace_id, folder_id, name, description, access_level, created_at_ms, updated_at_ms
from folders where workspace_id = $1 and folder_id = $2
)sql"};

const Query kFindFolderByName{"find_folder_by_name", R"sql(
select workspace_id, folder_id, name, description, access_level, created_at_ms, updated_at_ms
from folders where workspace_id = $1 and lower(name) = lower($2)
)sql"};

const Query kListFolders{"list_folders", R"sql(
select workspace_id, folder_id, name, description, access_level, created_at_ms, updated_at_ms
from folders
where workspace_id = $1 and ($2 = '' or lower(name) like $2 escape '\')
order by folder_id desc limit $3 offset $4
)sql"};

Folder folder_from(const Row& row) {
    return {row.text(0),          row.text(1),  row.text(2), row.optional_text(3),
            row.optional_text(4), row.int64(5), row.int64(6)};
}

}  // namespace

bool insert_folder(Tx& tx, const Folder& f) {
    return tx.any(kInsertFolder, f.workspace_id, f.folder_id, f.name, f.description, f.access_level,
                  f.created_at_ms, f.updated_at_ms);
}

void update_folder(Tx& tx, const Folder& f) {
    tx.exec(kUpdateFolder, f.workspace_id, f.folder_id, f.name, f.description, f.access_level,
            f.updated_at_ms);
}

void delete_folder(Tx& tx, const Folder& f) {
    tx.exec(kEmptyFolder, f.workspace_id, f.folder_id);
    tx.exec(kDeleteFolder, f.workspace_id, f.folder_id);
}

std::optional<Folder> find_folder(Tx& tx, std::string_view workspace_id,
                                  std::string_view folder_id) {
    return tx.first(kFindFolder, folder_from, workspace_id, folder_id);
}

std::optional<Folder> find_folder_by_name(Tx& tx, std::string_view workspace_id,
                                          std::string_view name) {
    return tx.first(kFindFolderByName, folder_from, workspace_id, name);
}

std::vector<Folder> list_folders(Tx& tx, std::string_view workspace_id,
                                 const FolderFilter& filter) {
    const auto pattern = like_pattern(filter.search);
    return tx.all(kListFolders, folder_from, workspace_id, pattern, filter.limit, filter.offset);
}

}  // namespace hw
