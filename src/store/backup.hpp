// SPDX-License-Identifier: Apache-2.0
// Backup and restore without the engine's own tools: one portable file, from either engine, into
// either engine. The server may run and write meanwhile; the file holds one moment of it.
#pragma once

#include <cstdint>
#include <string>

#include "base/error.hpp"

namespace hw {

struct BackupSummary {
    int schema_version = 0;
    std::int64_t tables = 0;
    std::int64_t rows = 0;
};

// Writes `file`, over an earlier one if there is one, when it is complete and on disk. Conflict
// when the database was not made by headwater.
Result<BackupSummary> backup(const std::string& url, const std::string& file);

// Fills the database at `url`, which must be new or empty, all or nothing, and brings it to this
// binary's schema. Refuses a file that is damaged or made by a newer headwater, and a database with
// anything in it. The server must not run on it.
Result<BackupSummary> restore(const std::string& file, const std::string& url);

// Reads the whole file and tells what is in it, or what is wrong with it.
Result<BackupSummary> check_backup(const std::string& file);

}  // namespace hw
