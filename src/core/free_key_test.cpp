// SPDX-License-Identifier: Apache-2.0
#include "core/free_key.hpp"

#include "tests/fixture/engine_test.hpp"

namespace hw {
namespace {

class FreeKeyTest : public EngineTest {};

TEST_P(FreeKeyTest, RefusesAsCreationWould) {
    make_link("taken");
    const KeyReserved reserved = [](std::string_view, std::string_view key) {
        return key == "links";
    };
    struct Row {
        std::optional<std::string> domain;
        std::string key;
        std::string outcome;
    };
    const Row rows[] = {
        {{}, "free", ""},
        {domain, "free", ""},
        {domain, "/Taken/", "Duplicate key: This short link already exists."},
        {domain, "a b", "Invalid key."},
        {domain, "favicon.ico", "The key 'favicon.ico' is reserved. Choose another one."},
        {"nobody.example", "free", "Domain does not belong to workspace."},
        {domain, "links",
         "The key 'links' is reserved: on this host the paths that begin with it belong to the "
         "API. Choose another key or another domain."},
    };
    for (const auto& row : rows) {
        const auto checked = read([&](Tx& tx) -> Result<bool> {
            HW_CHECK(check_key_is_free(tx, row.domain, row.key, reserved));
            return true;
        });
        EXPECT_EQ(checked ? "" : checked.error().message, row.outcome) << row.key;
    }
}

TEST_P(FreeKeyTest, RandomKeysAreFree) {
    int refusals = 2;
    const KeyReserved reserved = [&](std::string_view, std::string_view) { return refusals-- > 0; };
    const auto key = read([&](Tx& tx) { return random_free_key(tx, std::nullopt, reserved); });
    ASSERT_TRUE(key.has_value());
    EXPECT_EQ(key->size(), 7U);
    EXPECT_LT(refusals, 0);
    const auto foreign =
        read([&](Tx& tx) { return random_free_key(tx, "nobody.example", reserved); });
    EXPECT_FALSE(foreign.has_value());
}

HW_ON_BOTH_ENGINES(FreeKeyTest);

}  // namespace
}  // namespace hw
