// SPDX-License-Identifier: Apache-2.0
// Faults: what nobody asked for and no caller can mend (database lost, disk full, a bug).
// They are exceptions, caught in two kinds of place: the transaction runner and the edge of a task.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>

namespace hw {

enum class FaultKind : std::uint8_t {
    Bug,  // an assertion, a statement that does not parse: the request fails, the rest goes on
    Retryable,    // serialization failure, deadlock: the transaction is run again
    Lost,         // the connection or the server is gone: 503 until it is back
    Full,         // no space: 503, heals when space returns
    Broken,       // the disk failed a write or an fsync: no further acknowledgement may be given
    Incompatible  // the database is newer than this binary, or not ours
};

class Fault : public std::runtime_error {
  public:
    Fault(FaultKind kind, const std::string& message) : std::runtime_error(message), kind_(kind) {}
    FaultKind kind() const { return kind_; }

  private:
    FaultKind kind_;
};

[[noreturn]] void assertion_failed(const char* condition, const char* file, int line);

}  // namespace hw

// Stays on in release builds. Inside a transaction the throw rolls that one transaction back.
#define HW_ASSERT(condition) \
    ((condition) ? void(0) : ::hw::assertion_failed(#condition, __FILE__, __LINE__))
