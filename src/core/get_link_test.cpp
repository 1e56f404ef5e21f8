// SPDX-License-Identifier: Apache-2.0
#include "core/get_link.hpp"

#include "core/create_link.hpp"
#include "tests/fixture/engine_test.hpp"

namespace hw {
namespace {

class GetLinkTest : public EngineTest {
  protected:
    GetLinkTest() {
        CreateLink input;
        input.fields.url = "https://shop.example";
        input.fields.key = "Gr\u00FC\u00DFe/x";
        input.fields.external_id = "42";
        link = write([&](Tx& tx) { return create_link(tx, input); })->link;
    }
    Link link;
};

TEST_P(GetLinkTest, ByIdOrExternalId) {
    struct Row {
        std::string reference;
        bool found;
    };
    const Row rows[] = {
        {link.link_id, true}, {"ext_42", true}, {"ext_43", false}, {"42", false}, {"", false}};
    for (const auto& row : rows) {
        const auto found = read([&](Tx& tx) { return get_link(tx, row.reference); });
        ASSERT_EQ(found.has_value(), row.found) << row.reference;
        if (found) {
            EXPECT_EQ(found->link.link_id, link.link_id);
        } else {
            EXPECT_EQ(found.error().code, ErrorCode::NotFound);
            EXPECT_EQ(found.error().message, "Link not found.");
        }
    }
}

TEST_P(GetLinkTest, ByAddress) {
    struct Row {
        LinkAddress address;
        std::string message;  // empty: found
    };
    const auto address = [](std::optional<std::string> host, std::optional<std::string> key,
                            std::optional<std::string> id, std::optional<std::string> external) {
        return LinkAddress{host, key, id, external};
    };
    const auto none = std::nullopt;
    const std::string told_nothing =
        "You must provide a domain and a key or a linkId or an externalId to retrieve a link.";
    const Row rows[] = {
        {address(domain, "Gr\u00FC\u00DFe/x", none, none), ""},
        {address("D" + domain.substr(1), "/gr\u00FC\u00DFe/X", none, none), ""},
        {address(domain, "x", none, none), "Link not found."},
        {address(none, none, link.link_id, none), ""},
        {address(none, none, "ext_42", none), ""},
        {address(none, none, none, "ext_42"), ""},
        {address(none, none, none, "42"), ""},
        {address(none, none, none, "43"),
         "Invalid externalId. Did you forget to prefix it with `ext_`?"},
        {address(none, none, none, "ext_43"), "Link not found."},
        {address(domain, none, none, none), told_nothing},
        {address(none, none, none, none), told_nothing},
    };
    for (const auto& row : rows) {
        const auto found = read([&](Tx& tx) { return get_link_info(tx, row.address); });
        EXPECT_EQ(found ? "" : found.error().message, row.message);
        if (found) {
            EXPECT_EQ(found->link.link_id, link.link_id);
        }
    }
}

TEST_P(GetLinkTest, CountsWhatTheLinkEarned) {
    make_click(link);
    make_click(link, 2);
    const auto found = read([&](Tx& tx) { return get_link(tx, link.link_id); });
    ASSERT_TRUE(found.has_value());
    EXPECT_EQ(found->totals.clicks, 2);
    EXPECT_EQ(found->totals.last_click_at_ms, env.now_ms());
}

TEST_P(GetLinkTest, LinksOfOthersAreNotThere) {
    const auto found = db->read_now<LinkWithTotals>(
        "ws_other", [&](Tx& tx) { return get_link(tx, link.link_id); });
    ASSERT_FALSE(found.has_value());
    EXPECT_EQ(found.error().code, ErrorCode::NotFound);
}

HW_ON_BOTH_ENGINES(GetLinkTest);

}  // namespace
}  // namespace hw
