// SPDX-License-Identifier: Apache-2.0
// The TLS settings of the server: 1.2 or newer, one certificate chain.
#pragma once

#include <boost/asio/ssl/context.hpp>
#include <memory>
#include <string>

#include "base/error.hpp"

namespace hw::net {

// PEM files: the certificate followed by its intermediates, and the private key.
Result<std::unique_ptr<boost::asio::ssl::context>> make_tls_context(
    const std::string& certificate_path, const std::string& key_path);

}  // namespace hw::net
