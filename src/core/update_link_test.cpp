// SPDX-License-Identifier: Apache-2.0
#include "core/update_link.hpp"

#include "core/create_domain.hpp"
#include "core/create_link.hpp"
#include "core/get_link.hpp"
#include "tests/fixture/engine_test.hpp"

namespace hw {
namespace {

class UpdateLinkTest : public EngineTest {
  protected:
    Result<LinkWithTotals> update(const UpdateLink& input) {
        return write([&](Tx& tx) { return update_link(tx, input); });
    }
    static UpdateLink change(std::string reference) {
        UpdateLink input;
        input.reference = std::move(reference);
        return input;
    }
};

TEST_P(UpdateLinkTest, ChangesWhatWasSaidAlone) {
    const auto link = make_link("first", "https://shop.example/?utm_source=a");
    make_click(link);
    env.advance_ms(1'000);
    auto input = change(link.link_id);
    input.fields.url_parameters = {{"utm_source", "b"}};
    input.fields.title = "Title";
    input.fields.external_id = "7";
    const auto updated = update(input);
    ASSERT_TRUE(updated.has_value()) << updated.error().message;
    EXPECT_EQ(updated->totals.clicks, 1);
    const auto stored = read([&](Tx& tx) { return get_link(tx, "ext_7"); });
    ASSERT_TRUE(stored.has_value());
    for (const auto& each : {updated->link, stored->link}) {
        EXPECT_EQ(each.url, "https://shop.example/?utm_source=b");
        EXPECT_EQ(each.title, "Title");
        EXPECT_EQ(each.key, "first");
        EXPECT_TRUE(each.track_conversion);
        EXPECT_EQ(each.created_at_ms, link.created_at_ms);
        EXPECT_EQ(each.updated_at_ms, link.created_at_ms + 1'000);
    }
}

TEST_P(UpdateLinkTest, MovesToAnotherKeyAndDomain) {
    const auto link = make_link("here");
    ASSERT_TRUE(write([&](Tx& tx) {
                    return create_domain(tx, workspace_id, "second." + domain);
                }).has_value());
    auto input = change(link.link_id);
    input.fields.domain = "second." + domain;
    auto updated = update(input);
    ASSERT_TRUE(updated.has_value()) << updated.error().message;
    EXPECT_EQ(updated->link.key, "here");
    input.fields.key = "There";
    updated = update(input);
    ASSERT_TRUE(updated.has_value()) << updated.error().message;
    EXPECT_EQ(updated->link.key_folded, "there");
    const auto left = read([&](Tx& tx) {
        return get_link_info(tx,
                             {.domain = domain, .key = "here", .link_id = {}, .external_id = {}});
    });
    EXPECT_FALSE(left.has_value());
}

TEST_P(UpdateLinkTest, Refusals) {
    const auto link = make_link("mine");
    const auto other = make_link("theirs");
    auto named = change(other.link_id);
    named.fields.external_id = "9";
    ASSERT_TRUE(update(named).has_value());
    struct Row {
        std::string field;
        std::string value;
        ErrorCode code;
    };
    const Row rows[] = {
        {"reference", "link_none", ErrorCode::NotFound},
        {"key", "THEIRS", ErrorCode::Conflict},
        {"key", "a b", ErrorCode::UnprocessableEntity},
        {"external_id", "9", ErrorCode::Conflict},
        {"domain", "other.example", ErrorCode::Forbidden},
        {"url", "", ErrorCode::UnprocessableEntity},
    };
    for (const auto& row : rows) {
        auto input = change(row.field == "reference" ? row.value : link.link_id);
        if (row.field == "key") input.fields.key = row.value;
        if (row.field == "external_id") input.fields.external_id = row.value;
        if (row.field == "domain") input.fields.domain = row.value;
        if (row.field == "url") input.fields.url = row.value;
        const auto updated = update(input);
        ASSERT_FALSE(updated.has_value()) << row.field;
        EXPECT_EQ(updated.error().code, row.code) << row.field << ": " << updated.error().message;
    }
    // Its own key and external id are no clash.
    auto same = change(other.link_id);
    same.fields.key = "theirs";
    same.fields.external_id = "9";
    EXPECT_TRUE(update(same).has_value());
}

TEST_P(UpdateLinkTest, AReservedKeyStaysUntilTheLinkMoves) {
    const auto link = make_link("track");
    auto input = change(link.link_id);
    input.key_reserved = [](std::string_view, std::string_view) { return true; };
    input.fields.title = "T";
    EXPECT_TRUE(update(input).has_value());
    input.fields.key = "links";
    const auto moved = update(input);
    ASSERT_FALSE(moved.has_value());
    EXPECT_EQ(moved.error().code, ErrorCode::Forbidden);
}

HW_ON_BOTH_ENGINES(UpdateLinkTest);

}  // namespace
}  // namespace hw
