// SPDX-License-Identifier: Apache-2.0
#include "base/base64.hpp"

#include <openssl/evp.h>

#include <algorithm>

#include "base/fault.hpp"

namespace hw {
namespace {

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::size_t kGroup = 4;  // characters for three bytes

const unsigned char* unsigned_bytes(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace

std::string base64_text(std::string_view bytes) {
    // The library ends its text with a NUL.
    std::string text((bytes.size() + 2) / 3 * kGroup + 1, '\0');
    const int length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                       unsigned_bytes(bytes), static_cast<int>(bytes.size()));
    text.resize(static_cast<std::size_t>(length));
    return text;
}

std::optional<std::string> base64_bytes(std::string_view text) {
    while (text.ends_with('=')) text.remove_suffix(1);
    const bool is_base64 = text.size() % kGroup != 1 &&
                           std::ranges::all_of(text, [](char c) { return kAlphabet.contains(c); });
    if (!is_base64) return std::nullopt;
    std::string padded(text);
    while (padded.size() % kGroup != 0) padded += '=';
    std::string bytes(padded.size() / kGroup * 3, '\0');
    const int length = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                       unsigned_bytes(padded), static_cast<int>(padded.size()));
    HW_ASSERT(length >= 0);
    bytes.resize(bytes.size() - (padded.size() - text.size()));
    return bytes;
}

}  // namespace hw
