// SPDX-License-Identifier: Apache-2.0
#include "app/text_file.hpp"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <system_error>

namespace hw {

Result<std::string> read_text_file(const std::string& path) {
    const auto close = [](std::FILE* file) { return file == stdin ? 0 : std::fclose(file); };
    errno = 0;
    const std::unique_ptr<std::FILE, decltype(close)> file(
        path == "-" ? stdin : std::fopen(path.c_str(), "rb"), close);
    std::string text;
    if (file != nullptr) {
        std::array<char, 65'536> block{};
        while (const auto size = std::fread(block.data(), 1, block.size(), file.get())) {
            text.append(block.data(), size);
        }
        if (std::ferror(file.get()) == 0) return text;
    }
    return fail(ErrorCode::BadRequest, fmt::format("cannot read the file {}: {}", path,
                                                   std::generic_category().message(errno)));
}

}  // namespace hw
