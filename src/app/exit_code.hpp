// SPDX-License-Identifier: Apache-2.0
// What the program tells its caller, the same for every command (documented in --help).
#pragma once

namespace hw::exit_code {

inline constexpr int kOk = 0;
inline constexpr int kFailed = 1;         // the command ran and its answer is no (see its output)
inline constexpr int kUsage = 2;          // the command line or a file's content is wrong
inline constexpr int kUnavailable = 69;   // the database does not answer
inline constexpr int kDiskFailed = 74;    // the disk failed: nothing more may be acknowledged
inline constexpr int kIncompatible = 78;  // the database is newer, or is not Headwater's

}  // namespace hw::exit_code
