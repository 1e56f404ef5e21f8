// SPDX-License-Identifier: Apache-2.0
#include "core/tail_events.hpp"

#include "base/id.hpp"
#include "tests/fixture/sale_test.hpp"

namespace hw {
namespace {

class TailEventsTest : public SaleTest {
  protected:
    TailEventsTest() {
        first_ms = env.now_ms();
        const auto link = make_link("spring");
        click = make_click(link);
        env.advance_ms(1);
        lead("ann", click);
        sold(sale_of("ann", 100));
        env.advance_ms(1);
        tell(sale_of("stranger", 5));  // an orphan is no event
        env.advance_ms(1);
        make_click(link, 2);
        make_click(link, 3, true);  // and neither is a bot
    }

    // "c" for a click, "l" and "s", one page after the other.
    std::string kinds(EventTail tail, std::int64_t limit) {
        std::string text;
        for (;;) {
            const auto page =
                *read([&](Tx& tx) -> Result<TailPage> { return read_tail(tx, tail, limit); });
            for (const auto& event : page.events) {
                text += !event.conversion                             ? "c"
                        : event.conversion->conversion.kind == "lead" ? "l"
                                                                      : "s";
            }
            if (page.last) return text;
            text += "|";
            tail.after = page.after;
        }
    }

    std::int64_t first_ms = 0;
    std::string click;
};

TEST_P(TailEventsTest, AllKindsInTheOrderOfTime) {
    SeenEvents seen;
    seen.add(click);
    const struct {
        EventTail tail;
        std::int64_t limit;
        std::string expected;
    } rows[] = {
        {{.after = place_before(first_ms)}, 100, "clsc"},
        {{.after = place_before(first_ms)}, 1, "c|l|s||c|"},
        {{.after = place_before(first_ms)}, 2, "cl|s|c"},
        {{.after = place_before(first_ms + 1)}, 100, "lsc"},
        {{.after = place_before(first_ms), .to_ms = first_ms + 1}, 100, "c"},
        {{.after = place_before(first_ms), .only = Counting::Leads}, 100, "l"},
        {{.after = place_before(first_ms), .seen = &seen}, 100, "lsc"},
        {{.after = place_before(env.now_ms() + 1)}, 100, ""},
    };
    for (const auto& row : rows) EXPECT_EQ(kinds(row.tail, row.limit), row.expected);
}

TEST_P(TailEventsTest, IdsAreThoseOfEverythingBehindAPlace) {
    const auto ids = *read([&](Tx& tx) -> Result<std::vector<std::string>> {
        return ids_behind(tx, place_before(first_ms));
    });
    EXPECT_EQ(ids.size(), 5U) << "with the orphan, without the bot";
    SeenEvents seen;
    for (const auto& id : ids) seen.add(id);
    EXPECT_EQ(kinds({.after = place_before(first_ms), .seen = &seen}, 100), "");
    seen.forget_before(first_ms + 1);
    EXPECT_FALSE(seen.contains(click));
    EXPECT_EQ(seen.size(), 4U);
}

HW_ON_BOTH_ENGINES(TailEventsTest);

TEST(EventIds, TellTheirTime) {
    TestEnv env;
    const auto now_ms = env.now_ms();
    const struct {
        std::string id;
        std::optional<std::int64_t> expected;
    } rows[] = {
        {new_click_id(now_ms, env), now_ms},
        {first_click_id(now_ms), now_ms},
        {new_id("ld_", now_ms, env), now_ms},
        {first_id("sale_", now_ms), now_ms},
        {"", std::nullopt},
        {"ld_", std::nullopt},
        {"0123", std::nullopt},
        {new_id("", now_ms, env), std::nullopt},
        {"ld_" + std::string(26, '!'), std::nullopt},
    };
    for (const auto& [id, expected] : rows) EXPECT_EQ(event_id_time_ms(id), expected) << id;
}

}  // namespace
}  // namespace hw
