// SPDX-License-Identifier: Apache-2.0
#include "api/prepared_link.hpp"

#include <gtest/gtest.h>

namespace hw {
namespace {

TEST(PreparedLink, SaysWhetherItsUrlIsAllThereIs) {
    struct Row {
        void (*rules)(Link&);
        bool plain;
    };
    const Row rows[] = {
        {[](Link&) {}, true},
        {[](Link& l) { l.password = "x"; }, true},  // a rung of its own, before the target
        {[](Link& l) { l.url = ""; }, false},
        {[](Link& l) { l.url = "tel:1"; }, false},
        {[](Link& l) { l.rewrite = true; }, false},
        {[](Link& l) { l.ios = "https://a.example/"; }, false},
        {[](Link& l) { l.ios = "javascript:x"; }, true},
        {[](Link& l) { l.android = "https://a.example/"; }, false},
        {[](Link& l) { l.geo = R"({"DE": "https://a.example/"})"; }, false},
        {[](Link& l) { l.geo = R"({"DE": 7})"; }, true},
        {[](Link& l) { l.geo = "nonsense"; }, true},
        {[](Link& l) { l.test_variants = "[{}]"; }, true},
        {[](Link& l) { l.test_variants = R"([{"url": "https://a.example/", "percentage": 50}])"; },
         false},
    };
    int number = 0;
    for (const auto& row : rows) {
        Link link{};
        link.url = "https://shop.example/";
        row.rules(link);
        EXPECT_EQ(prepare_link(std::move(link))->plain, row.plain) << number;
        ++number;
    }
}

// The cache is bounded in bytes, so every text of a link has to count.
TEST(PreparedLink, CountsEveryText) {
    Link bare{};
    bare.url = "https://shop.example/";
    const auto least = bytes_of(*prepare_link(Link(bare)));
    const std::string big(10'000, 'x');
    const auto with = [&](auto set) {
        auto link = bare;
        set(link);
        return bytes_of(*prepare_link(std::move(link)));
    };
    const auto url = "https://shop.example/" + big;
    EXPECT_GT(with([&](Link& l) { l.url = url; }), least + big.size() - 100);
    for (const auto text : {&Link::external_id, &Link::tenant_id, &Link::title, &Link::description,
                            &Link::image, &Link::video, &Link::password, &Link::folder_id}) {
        EXPECT_GT(with([&](Link& l) { l.*text = big; }), least + big.size() - 100);
    }
    for (const auto text : {&Link::expired_url, &Link::ios, &Link::android}) {
        EXPECT_GT(with([&](Link& l) { l.*text = url; }), least + big.size() - 100);
    }
    EXPECT_GT(with([&](Link& l) { l.geo = R"({"DE": ")" + url + "\"}"; }),
              least + big.size() - 100);
    EXPECT_GT(
        with([&](Link& l) { l.test_variants = R"([{"percentage": 50, "url": ")" + url + "\"}]"; }),
        least + big.size() - 100);
    // What nobody is shown is not kept.
    EXPECT_LT(with([&](Link& l) { l.comments = big; }), least + 100);
}

}  // namespace
}  // namespace hw
