// SPDX-License-Identifier: Apache-2.0
// The use cases of /folders (reference: dub, 2.13).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/link_fields.hpp"
#include "store/folders.hpp"

namespace hw {

struct FolderFields {
    std::optional<std::string> name;
    Patch<std::string> description;
    Patch<std::string> access_level;  // read or write
};

Result<Folder> create_folder(Tx& tx, const FolderFields& fields);
Result<Folder> update_folder(Tx& tx, std::string_view folder_id, const FolderFields& fields);

// Gives the id. The links are in no folder then, by the same transaction.
Result<std::string> delete_folder(Tx& tx, std::string_view folder_id);

}  // namespace hw
