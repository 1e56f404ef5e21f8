// SPDX-License-Identifier: Apache-2.0
// temporary
#pragma once
#include <cstddef>
namespace hw::limits {
inline constexpr std::size_t kImportBodyBytesMax = 32 * 1024 * 1024;  // of /links/import
inline constexpr std::size_t kImportRowsMax = 100'000;  // of one call
inline constexpr std::size_t kImportBatchRows = 500;    // of one transaction
inline constexpr std::size_t kImportErrorsMax = 1'000;  // told one by one
}
