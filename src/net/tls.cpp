// SPDX-License-Identifier: Apache-2.0
#include "net/tls.hpp"

#include <fmt/format.h>
#include <openssl/ssl.h>

#include <string_view>

namespace hw::net {
namespace {

namespace ssl = boost::asio::ssl;

constexpr std::string_view kOnlyProtocol = "\x08http/1.1";  // as ALPN writes it on the wire

// A client that offers only other protocols goes on without ALPN and finds HTTP/1.1.
// NOLINTNEXTLINE(readability-function-size): the parameters are OpenSSL's
int choose_protocol(SSL*, const unsigned char** out, unsigned char* out_size,
                    const unsigned char* offered, unsigned offered_size, void*) {
    const auto* only = reinterpret_cast<const unsigned char*>(kOnlyProtocol.data());
    unsigned char* chosen = nullptr;
    const int found =
        SSL_select_next_proto(&chosen, out_size, only, kOnlyProtocol.size(), offered, offered_size);
    *out = chosen;
    return found == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_NOACK;
}

std::unexpected<Error> unusable(std::string_view what, const std::string& path,
                                const boost::system::error_code& failed) {
    return fail(ErrorCode::BadRequest,
                fmt::format("The TLS {} \"{}\" cannot be used: {}. Give a readable PEM file.", what,
                            path, failed.message()),
                "bad_tls_file");
}

}  // namespace

Result<std::unique_ptr<ssl::context>> make_tls_context(const std::string& certificate_path,
                                                       const std::string& key_path) {
    auto context = std::make_unique<ssl::context>(ssl::context::tls_server);
    SSL_CTX* const native = context->native_handle();
    SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
    SSL_CTX_set_options(
        native, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
    SSL_CTX_set_mode(native, SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_alpn_select_cb(native, choose_protocol, nullptr);
    boost::system::error_code failed;
    context->use_certificate_chain_file(certificate_path, failed);
    if (failed) return unusable("certificate", certificate_path, failed);
    // OpenSSL refuses here a key that does not belong to the certificate.
    context->use_private_key_file(key_path, ssl::context::pem, failed);
    if (failed) return unusable("key", key_path, failed);
    return context;
}

}  // namespace hw::net
