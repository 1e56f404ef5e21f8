// SPDX-License-Identifier: Apache-2.0
// Folders of links. A link is in one of them or in none.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/tx.hpp"

namespace hw {

struct Folder {
    std::string workspace_id;
    std::string folder_id;
    std::string name;  // unique in the workspace, without case
    std::optional<std::string> description;
    std::optional<std::string> access_level;  // read or write
    std::int64_t created_at_ms = 0;
    std::int64_t updated_at_ms = 0;
};

bool insert_folder(Tx& tx, const Folder& folder);  // false: id or name taken
void update_folder(Tx& tx, const Folder& folder);  // the name is free
void delete_folder(Tx& tx, const Folder& folder);  // and takes its links out of it

std::optional<Folder> find_folder(Tx& tx, std::string_view workspace_id,
                                  std::string_view folder_id);
std::optional<Folder> find_folder_by_name(Tx& tx, std::string_view workspace_id,
                                          std::string_view name);

struct FolderFilter {
    std::string search;  // part of the name, without case; empty: all
    std::int64_t limit = 50;
    std::int64_t offset = 0;
};
// Newest first.
std::vector<Folder> list_folders(Tx& tx, std::string_view workspace_id, const FolderFilter& filter);

}  // namespace hw
