// SPDX-License-Identifier: Apache-2.0
#include "base/digest.hpp"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/sha.h>

#include <array>
#include <cstring>
#include <span>

#include "base/fault.hpp"

namespace hw {
namespace {

using Digest = std::array<unsigned char, SHA256_DIGEST_LENGTH>;

std::string hex_text(std::span<const unsigned char> bytes) {
    constexpr std::string_view kHex = "0123456789abcdef";
    std::string text;
    text.reserve(bytes.size() * 2);
    for (const auto byte : bytes) {
        text += kHex[byte >> 4];
        text += kHex[byte & 15];
    }
    return text;
}

// Made once: the library looks its algorithms up by name, which costs more than the digest.
class HmacSha256 {
  public:
    HmacSha256() {
        auto* mac = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
        context_ = EVP_MAC_CTX_new(mac);
        EVP_MAC_free(mac);
        std::array<char, 7> name{"SHA256"};
        const std::array<OSSL_PARAM, 2> params{
            OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name.data(), 0),
            OSSL_PARAM_construct_end()};
        HW_ASSERT(context_ != nullptr && EVP_MAC_CTX_set_params(context_, params.data()) == 1);
    }
    ~HmacSha256() { EVP_MAC_CTX_free(context_); }
    HmacSha256(const HmacSha256&) = delete;
    HmacSha256& operator=(const HmacSha256&) = delete;

    void sign(std::string_view key, std::string_view bytes, std::span<unsigned char> digest) const {
        std::size_t length = 0;
        HW_ASSERT(EVP_MAC_init(context_, unsigned_bytes(key), key.size(), nullptr) == 1);
        HW_ASSERT(EVP_MAC_update(context_, unsigned_bytes(bytes), bytes.size()) == 1);
        HW_ASSERT(EVP_MAC_final(context_, digest.data(), &length, digest.size()) == 1);
        HW_ASSERT(length == digest.size());
    }

  private:
    static const unsigned char* unsigned_bytes(std::string_view text) {
        return reinterpret_cast<const unsigned char*>(text.data());
    }

    EVP_MAC_CTX* context_ = nullptr;
};

Digest keyed_digest(std::string_view key, std::string_view bytes) {
    thread_local const HmacSha256 hmac;
    Digest digest{};
    hmac.sign(key, bytes, digest);
    return digest;
}

}  // namespace

std::string sha256_hex(std::string_view bytes) {
    Digest digest{};
    SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest.data());
    return hex_text(digest);
}

struct Sha256::State {
    EVP_MD_CTX* context = EVP_MD_CTX_new();

    State() { HW_ASSERT(EVP_DigestInit_ex(context, EVP_sha256(), nullptr) == 1); }
    ~State() { EVP_MD_CTX_free(context); }
    State(const State&) = delete;
    State& operator=(const State&) = delete;
};

Sha256::Sha256() : state_(std::make_unique<State>()) {}
Sha256::~Sha256() = default;

void Sha256::add(std::string_view bytes) {
    HW_ASSERT(EVP_DigestUpdate(state_->context, bytes.data(), bytes.size()) == 1);
}

std::string Sha256::hex() const {
    const State copy;
    Digest digest{};
    HW_ASSERT(EVP_MD_CTX_copy_ex(copy.context, state_->context) == 1);
    HW_ASSERT(EVP_DigestFinal_ex(copy.context, digest.data(), nullptr) == 1);
    return hex_text(digest);
}

std::int64_t keyed_hash_64(std::string_view key, std::string_view bytes) {
    const auto digest = keyed_digest(key, bytes);
    std::int64_t value = 0;
    static_assert(SHA256_DIGEST_LENGTH >= sizeof value);
    std::memcpy(&value, digest.data(), sizeof value);
    return value;
}

std::string keyed_hash_bytes(std::string_view key, std::string_view bytes) {
    const auto digest = keyed_digest(key, bytes);
    return {digest.begin(), digest.end()};
}

std::string keyed_hash_hex(std::string_view key, std::string_view bytes) {
    return hex_text(keyed_digest(key, bytes));
}

bool equal_secret(std::string_view a, std::string_view b) {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace hw
