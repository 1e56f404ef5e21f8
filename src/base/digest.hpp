// SPDX-License-Identifier: Apache-2.0
// Hashes, over OpenSSL.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace hw {

std::string sha256_hex(std::string_view bytes);  // 64 lower-case hex characters

// The same for bytes that come in pieces.
class Sha256 {
  public:
    Sha256();
    ~Sha256();
    Sha256(const Sha256&) = delete;
    Sha256& operator=(const Sha256&) = delete;
    void add(std::string_view bytes);
    std::string hex() const;  // of what was added so far

  private:
    struct State;
    std::unique_ptr<State> state_;
};

// First 8 bytes of HMAC-SHA256, as a signed integer: small enough to key a table with.
std::int64_t keyed_hash_64(std::string_view key, std::string_view bytes);

// HMAC-SHA256 as its 32 bytes.
std::string keyed_hash_bytes(std::string_view key, std::string_view bytes);

// All of HMAC-SHA256, as 64 lower-case hex characters.
std::string keyed_hash_hex(std::string_view key, std::string_view bytes);

// Compares in time that depends on the lengths only.
bool equal_secret(std::string_view a, std::string_view b);

}  // namespace hw
