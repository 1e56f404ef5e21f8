// SPDX-License-Identifier: Apache-2.0
#include "base/embedded.hpp"

#include <algorithm>

namespace hw {
namespace {

// Head of the list. Filled before main() by static constructors and never changed after.
// tidy: global ok: static constructors have no other place to meet
constinit const EmbeddedFile* first_file = nullptr;

}  // namespace

EmbeddedFile::EmbeddedFile(const char* file_name, const char* begin, const char* end)
    : name(file_name), bytes(begin, static_cast<std::size_t>(end - begin)), next_(first_file) {
    first_file = this;
}

std::vector<const EmbeddedFile*> embedded_files(std::string_view prefix) {
    std::vector<const EmbeddedFile*> found;
    for (const auto* file = first_file; file != nullptr; file = file->next_) {
        if (file->name.starts_with(prefix)) found.push_back(file);
    }
    std::ranges::sort(found, {}, [](const EmbeddedFile* file) { return file->name; });
    return found;
}

std::string_view embedded_file(std::string_view name) {
    const auto found = embedded_files(name);
    return found.empty() || found.front()->name != name ? std::string_view{} : found.front()->bytes;
}

}  // namespace hw
