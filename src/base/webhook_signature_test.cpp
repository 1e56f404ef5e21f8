// SPDX-License-Identifier: Apache-2.0
#include "base/webhook_signature.hpp"

#include <gtest/gtest.h>

#include <boost/json/src.hpp>
#include <fstream>
#include <sstream>

#include "base/base64.hpp"
#include "base/limits.hpp"

namespace hw {
namespace {

boost::json::value vectors() {
    std::ifstream file(HW_SOURCE_DIR "/testdata/standard-webhooks/vectors.json");
    std::stringstream text;
    text << file.rdbuf();
    return boost::json::parse(text.str());
}

std::string text_of(const boost::json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    return value == nullptr ? std::string() : std::string(value->as_string());
}

// The vectors with a secret of ours; those of v1a are signed with a key pair.
TEST(WebhookSignature, IsThatOfEveryVector) {
    int checked = 0;
    const auto document = vectors();
    for (const auto& each : document.at("vectors").as_array()) {
        const auto& vector = each.as_object();
        const auto secret = text_of(vector, "secret");
        if (!secret.starts_with(kWebhookSecretPrefix)) continue;
        const auto id = text_of(vector, "id");
        const auto body = text_of(vector, "payload");
        const SignedMessage message{id, vector.at("timestamp").as_int64(), body};
        auto signature = standard_signature(secret, message);
        const auto old_secret = text_of(vector, "old_secret");
        if (!old_secret.empty()) signature += " " + standard_signature(old_secret, message);
        EXPECT_EQ(signature, text_of(vector, "signature")) << text_of(vector, "name");
        ++checked;
    }
    EXPECT_GE(checked, 6);
}

TEST(WebhookSignature, OfDubKeysWithTheWholeSecret) {
    // HMAC-SHA256 of RFC 4231, case 2: the key is text as it stands.
    EXPECT_EQ(dub_signature("Jefe", "what do ya want for nothing?"),
              "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    EXPECT_NE(dub_signature("whsec_Jefe", "what do ya want for nothing?"),
              dub_signature("Jefe", "what do ya want for nothing?"));
}

class FixedEnv final : public Env {
  public:
    std::int64_t now_ms() override { return 0; }
    std::uint64_t random_64() override { return next_ += 0x0123456789ABCDEF; }

  private:
    std::uint64_t next_ = 0;
};

TEST(WebhookSecret, IsMadeOf32Bytes) {
    FixedEnv env;
    const auto secret = new_webhook_secret(env);
    EXPECT_TRUE(secret.starts_with("whsec_")) << secret;
    EXPECT_EQ(base64_bytes(secret.substr(6)).value().size(), 32);
    EXPECT_NE(secret, new_webhook_secret(env));
    EXPECT_EQ(normalize_webhook_secret(secret), secret);
}

TEST(WebhookSecret, OfUsersHasSoManyBytes) {
    const auto of = [](std::size_t bytes) { return base64_text(std::string(bytes, 'k')); };
    struct Row {
        std::string text;
        bool expected;
    };
    const Row rows[] = {
        {"whsec_" + of(limits::kWebhookSecretBytesMin), true},
        {of(limits::kWebhookSecretBytesMin), true},
        {"whsec_" + of(limits::kWebhookSecretBytesMax), true},
        {"whsec_" + of(limits::kWebhookSecretBytesMin - 1), false},
        {"whsec_" + of(limits::kWebhookSecretBytesMax + 1), false},
        {"whsec_", false},
        {"", false},
        {"whsec_not base64 at all, but long enough", false},
        {"whsk_" + of(32), false},
    };
    for (const auto& row : rows) {
        const auto secret = normalize_webhook_secret(row.text);
        EXPECT_EQ(secret.has_value(), row.expected) << row.text;
        const auto said = secret ? *secret : secret.error().message;
        EXPECT_TRUE(said.contains(row.expected ? "whsec_" : "24 to 64 bytes")) << said;
    }
}

}  // namespace
}  // namespace hw
