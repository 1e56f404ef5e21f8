// SPDX-License-Identifier: Apache-2.0
// Ed25519 signatures (RFC 8032), over OpenSSL. Keys and signatures are their raw bytes.
#pragma once

#include <string>
#include <string_view>

#include "base/env.hpp"

namespace hw {

inline constexpr std::size_t kEd25519KeyBytes = 32;
inline constexpr std::size_t kEd25519SignatureBytes = 64;

std::string new_ed25519_seed(Env& env);                 // the secret
std::string ed25519_public_key(std::string_view seed);  // that goes with it
std::string ed25519_sign(std::string_view seed, std::string_view bytes);
bool ed25519_verify(std::string_view public_key, std::string_view bytes,
                    std::string_view signature);  // false also for what is no key

}  // namespace hw
