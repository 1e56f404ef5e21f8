// SPDX-License-Identifier: Apache-2.0
#include "core/embed_tokens.hpp"

#include "base/limits.hpp"
#include "core/programs.hpp"
#include "tests/fixture/engine_test.hpp"

namespace hw {
namespace {

class EmbedTokensTest : public EngineTest {};

TEST_P(EmbedTokensTest, AreGoodForAnHour) {
    const auto made = write([](Tx& tx) -> Result<CreatedEmbedToken> {
        ProgramFields fields;
        fields.name = "Shop";
        HW_TRY(create_program(tx, fields));
        NewEmbedToken input;
        input.enroll.emplace();
        input.enroll->email = "ann@mail.example";
        return create_embed_token(tx, input);
    });
    ASSERT_TRUE(made) << made.error().message;
    EXPECT_TRUE(made->token.starts_with("dub_embed_"));
    const auto opens = [&](std::string_view token) {
        return db
            ->read_now<EmbedToken>(std::string(kOperator),
                                   [&](Tx& tx) { return open_embed_token(tx, token); })
            .has_value();
    };
    EXPECT_TRUE(opens(made->token));
    EXPECT_FALSE(opens("dub_embed_" + std::string(43, 'x')));
    env.advance_ms(limits::kEmbedTokenMs - 1);
    EXPECT_TRUE(opens(made->token));
    env.advance_ms(1);
    EXPECT_FALSE(opens(made->token));
}

HW_ON_BOTH_ENGINES(EmbedTokensTest);

}  // namespace
}  // namespace hw
