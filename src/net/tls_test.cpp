// SPDX-License-Identifier: Apache-2.0
// The server over TLS, with certificates made here and OpenSSL as the client.
#include "net/tls.hpp"

#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

#include "tests/certificate.hpp"
#include "tests/echo_server.hpp"
#include "tests/temp_dir.hpp"
#include "tests/wait_for.hpp"

namespace hw {
namespace {

class TlsClient {
  public:
    explicit TlsClient(std::uint16_t port, int version_max = TLS1_3_VERSION) : tcp_(port) {
        SSL_CTX_set_min_proto_version(context_.get(), TLS1_VERSION);
        SSL_CTX_set_max_proto_version(context_.get(), version_max);
        // Lets this client offer what the server must refuse.
        SSL_CTX_set_security_level(context_.get(), 0);
        ssl_.reset(SSL_new(context_.get()));
        SSL_set_fd(ssl_.get(), tcp_.native());
    }

    bool offer(std::string_view protocols) {
        const auto* bytes = reinterpret_cast<const unsigned char*>(protocols.data());
        return SSL_set_alpn_protos(ssl_.get(), bytes, static_cast<unsigned>(protocols.size())) == 0;
    }
    bool connect() { return SSL_connect(ssl_.get()) == 1; }
    std::string version() const { return SSL_get_version(ssl_.get()); }
    std::string protocol() const {
        const unsigned char* name = nullptr;
        unsigned size = 0;
        SSL_get0_alpn_selected(ssl_.get(), &name, &size);
        return {reinterpret_cast<const char*>(name), size};
    }

    bool send(std::string_view bytes) {
        return SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size())) > 0;
    }

    std::optional<RawAnswer> answer() {
        for (;;) {
            if (auto found = take_answer(received_)) return found;
            if (!receive()) return std::nullopt;
        }
    }

    // True when the server ended the stream in order, with close_notify.
    bool closed_in_order() {
        while (receive()) continue;
        return received_.empty() && (SSL_get_shutdown(ssl_.get()) & SSL_RECEIVED_SHUTDOWN) != 0;
    }

  private:
    bool receive() {
        char buffer[16 * 1024];
        const int size = SSL_read(ssl_.get(), buffer, sizeof(buffer));
        if (size > 0) received_.append(buffer, static_cast<std::size_t>(size));
        return size > 0;
    }

    RawClient tcp_;
    Owned<SSL_CTX, SSL_CTX_free> context_{SSL_CTX_new(TLS_client_method())};
    Owned<SSL, SSL_free> ssl_;
    std::string received_;
};

class Tls : public testing::Test {
  protected:
    ServerOptions options() {
        ServerOptions made;
        made.tls_certificate_path = files_.certificate;
        made.tls_key_path = files_.key;
        return made;
    }

    TempDir folder_;
    PemFiles files_ = make_certificate(folder_, "server");
};

const std::string kGet = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

TEST_F(Tls, ServesRequests) {
    RunningServer server(options(), [](const Request& request, Reply reply) {
        reply(text_response(echo_text(request) + (request.secure ? " secure" : " plain")));
    });
    TlsClient client(server->port());
    ASSERT_TRUE(client.offer("\x02h2\x08http/1.1"));
    ASSERT_TRUE(client.connect());
    EXPECT_EQ(client.version(), "TLSv1.3");
    EXPECT_EQ(client.protocol(), "http/1.1");
    client.send(kGet + kGet);
    EXPECT_EQ(client.answer()->body, "GET / secure");
    EXPECT_EQ(client.answer()->body, "GET / secure");
    client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    EXPECT_EQ(client.answer()->header("Connection"), "close");
    EXPECT_TRUE(client.closed_in_order());
}

TEST_F(Tls, GoesOnWithoutAKnownProtocol) {
    RunningServer server(options());
    TlsClient client(server->port());
    ASSERT_TRUE(client.offer("\x02h2"));
    ASSERT_TRUE(client.connect());
    EXPECT_EQ(client.protocol(), "");
    client.send(kGet);
    EXPECT_EQ(client.answer()->body, "GET /");
}

struct VersionRow {
    int version_max;
    bool accepted;
};

TEST_F(Tls, RefusesOldVersions) {
    // OpenSSL's own policy may refuse them too; the server does not rely on it.
    const auto context = net::make_tls_context(files_.certificate, files_.key);
    ASSERT_TRUE(context.has_value());
    EXPECT_EQ(SSL_CTX_get_min_proto_version((*context)->native_handle()), TLS1_2_VERSION);
    RunningServer server(options());
    for (const VersionRow& row : {VersionRow{TLS1_VERSION, false},
                                  {TLS1_1_VERSION, false},
                                  {TLS1_2_VERSION, true},
                                  {TLS1_3_VERSION, true}}) {
        TlsClient client(server->port(), row.version_max);
        EXPECT_EQ(client.connect(), row.accepted) << std::hex << row.version_max;
    }
}

TEST_F(Tls, ClosesOnPlainHttp) {
    RunningServer server(options());
    auto client = server.client();
    client.send(kGet);
    const auto bytes = client.until_closed();
    ASSERT_TRUE(bytes.has_value());
    EXPECT_EQ(bytes->find("HTTP"), std::string::npos);
}

TEST_F(Tls, ClosesAHandshakeThatStops) {
    auto short_deadline = options();
    short_deadline.header_deadline_ms = 40;
    RunningServer server(short_deadline);
    auto client = server.client();
    EXPECT_EQ(client.until_closed(), "");
}

TEST_F(Tls, CarriesLargeBodiesAndAnswers) {
    RunningServer server(options());
    TlsClient client(server->port());
    ASSERT_TRUE(client.connect());
    const std::string body(900'000, 'b');
    for (int i = 0; i < 3; ++i) {
        client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 900000\r\n\r\n" + body);
        const auto answer = client.answer();
        ASSERT_TRUE(answer.has_value());
        EXPECT_TRUE(answer->body == "POST / [" + body + "]");
    }
}

TEST_F(Tls, RefusesBadFraming) {
    RunningServer server(options());
    TlsClient client(server->port());
    ASSERT_TRUE(client.connect());
    client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1048577\r\n\r\n" +
                std::string(100'000, 'b'));
    EXPECT_EQ(client.answer()->status, 413);
    EXPECT_TRUE(client.closed_in_order());
}

TEST_F(Tls, TakesAnswersFromOtherThreads) {
    RunningServer server(options(), [](const Request& request, Reply reply) {
        std::thread([text = echo_text(request), reply = std::move(reply)]() mutable {
            reply(text_response(text));
        }).detach();
    });
    TlsClient client(server->port());
    ASSERT_TRUE(client.connect());
    for (int i = 0; i < 50; ++i) {
        client.send(kGet);
        ASSERT_EQ(client.answer()->body, "GET /");
    }
}

TEST_F(Tls, DrainsInOrder) {
    RunningServer server(options());
    std::jthread draining;  // joined when the client is gone
    TlsClient client(server->port());
    ASSERT_TRUE(client.connect());
    client.send(kGet);
    EXPECT_EQ(client.answer()->status, 200);
    draining = std::jthread([&] { server->drain(); });
    EXPECT_TRUE(client.closed_in_order());
}

TEST_F(Tls, WantsAMatchingKey) {
    const auto other = make_certificate(folder_, "other");
    const auto context = net::make_tls_context(files_.certificate, other.key);
    ASSERT_FALSE(context.has_value());
    EXPECT_NE(context.error().message.find("key \"" + other.key + "\" cannot be used"),
              std::string::npos)
        << context.error().message;
    EXPECT_FALSE(net::make_tls_context(files_.key, files_.key).has_value());
    EXPECT_FALSE(net::make_tls_context(files_.certificate, files_.certificate).has_value());
    EXPECT_TRUE(net::make_tls_context(files_.certificate, files_.key).has_value());
}

}  // namespace
}  // namespace hw
