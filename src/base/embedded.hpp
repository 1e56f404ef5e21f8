// SPDX-License-Identifier: Apache-2.0
// Files that the build puts into the binary: migrations, the OpenAPI document, user-agent rules.
#pragma once

#include <string_view>
#include <vector>

namespace hw {

// One embedded file. The build makes one static object per file (cmake/embed.cmake); the
// constructor links it into the list that the functions below read.
class EmbeddedFile {
  public:
    EmbeddedFile(const char* name, const char* begin, const char* end);

    std::string_view name;  // "folder/file", for example "migrations/0001_init.sql"
    std::string_view bytes;

  private:
    friend std::vector<const EmbeddedFile*> embedded_files(std::string_view prefix);
    const EmbeddedFile* next_;
};

// The file's bytes, or an empty view when no such file was embedded.
std::string_view embedded_file(std::string_view name);

// All files whose name starts with `prefix`, sorted by name.
std::vector<const EmbeddedFile*> embedded_files(std::string_view prefix);

}  // namespace hw
