// SPDX-License-Identifier: Apache-2.0
#include "base/ed25519.hpp"

#include <openssl/evp.h>

#include <memory>

#include "base/fault.hpp"

namespace hw {
namespace {

struct FreeKey {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
using Key = std::unique_ptr<EVP_PKEY, FreeKey>;

struct FreeContext {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_MD_CTX, FreeContext>;

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

unsigned char* bytes_of(std::string& text) {
    return reinterpret_cast<unsigned char*>(text.data());
}

Key secret_key(std::string_view seed) {
    HW_ASSERT(seed.size() == kEd25519KeyBytes);
    Key key(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, bytes_of(seed), seed.size()));
    HW_ASSERT(key != nullptr);
    return key;
}

}  // namespace

std::string new_ed25519_seed(Env& env) {
    std::string seed;
    while (seed.size() < kEd25519KeyBytes) {
        auto random = env.random_64();
        for (int i = 0; i < 8; ++i, random >>= 8) seed += static_cast<char>(random & 0xFF);
    }
    return seed;
}

std::string ed25519_public_key(std::string_view seed) {
    std::string key(kEd25519KeyBytes, '\0');
    auto size = key.size();
    const auto got = EVP_PKEY_get_raw_public_key(secret_key(seed).get(), bytes_of(key), &size);
    HW_ASSERT(got == 1 && size == key.size());
    return key;
}

std::string ed25519_sign(std::string_view seed, std::string_view bytes) {
    const auto key = secret_key(seed);
    const Context context(EVP_MD_CTX_new());
    HW_ASSERT(context != nullptr);
    const auto ready = EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key.get());
    HW_ASSERT(ready == 1);
    std::string signature(kEd25519SignatureBytes, '\0');
    auto size = signature.size();
    const auto made =
        EVP_DigestSign(context.get(), bytes_of(signature), &size, bytes_of(bytes), bytes.size());
    HW_ASSERT(made == 1 && size == signature.size());
    return signature;
}

bool ed25519_verify(std::string_view public_key, std::string_view bytes,
                    std::string_view signature) {
    if (public_key.size() != kEd25519KeyBytes || signature.size() != kEd25519SignatureBytes) {
        return false;
    }
    const Key key(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, bytes_of(public_key),
                                              public_key.size()));
    const Context context(EVP_MD_CTX_new());
    if (key == nullptr || context == nullptr) return false;
    if (EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) != 1) {
        return false;
    }
    return EVP_DigestVerify(context.get(), bytes_of(signature), signature.size(), bytes_of(bytes),
                            bytes.size()) == 1;
}

}  // namespace hw
