// SPDX-License-Identifier: Apache-2.0
// The database takes no writes for a while: what does not fit in the queue is refused at once, and
// what needs no write goes on.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/limits.hpp"
#include "tests/reliability/running_shop.hpp"
#include "tests/wait_for.hpp"

namespace hw {
namespace {

constexpr std::size_t kPipelined = limits::kPipelinedRequestsMax;
// Enough to fill the queue beside the group that the writer holds.
constexpr std::size_t kConnections =
    (limits::kWriteQueueMax + limits::kGroupCommitMax) / kPipelined + 2;

TEST(Overload, RefusesWhatDoesNotFitAndRecovers) {
    const auto database = own_database(EngineKind::Sqlite);
    seed_shop(database.url);
    RunningShop shop(database.url);
    shop.start();
    const auto click_id = click_id_of(shop.ask(click_request("k0", browser_agent("before"))));
    ASSERT_FALSE(click_id.empty());
    const auto sale = [&](const std::string& name) {
        return sale_request(
            {.customer = name, .invoice = name, .amount = 100, .click_id = click_id});
    };
    ASSERT_EQ(shop.ask(sale("before")).status, 200);

    const auto blocker = connect(database.url, Access::ReadWrite);
    blocker->begin(kOperator);
    std::vector<RawClient> crowd;
    for (std::size_t i = 0; i < kConnections; ++i) {
        std::string requests;
        for (std::size_t k = 0; k < kPipelined; ++k) requests += sale(fmt::format("s{}-{}", i, k));
        crowd.emplace_back(shop.port());
        ASSERT_TRUE(crowd.back().send(requests));
    }
    // One that found room is answered when the writer has given up its group: ask again.
    RawAnswer refused;
    int probes = 0;
    EXPECT_TRUE(wait_for([&] {
        refused = shop.ask(sale(fmt::format("probe{}", ++probes)));
        return refused.status == 503;
    }));
    const auto seconds = refused.header("Retry-After");
    EXPECT_FALSE(seconds.empty()) << refused.head;
    EXPECT_EQ(seconds.find_first_not_of("0123456789"), std::string::npos) << seconds;
    EXPECT_EQ(shop.ask(click_request("k1", "x", "dub-no-track: 1\r\n")).status, 302);

    blocker->rollback();
    std::size_t acknowledged = 0;
    for (auto& client : crowd) {
        for (std::size_t k = 0; k < kPipelined; ++k) {
            const auto answer = client.answer();
            ASSERT_TRUE(answer.has_value());
            ASSERT_TRUE(answer->status == 200 || answer->status == 503) << answer->body;
            EXPECT_EQ(answer->has_header("Retry-After"), answer->status == 503);
            acknowledged += answer->status == 200 ? 1 : 0;
        }
    }
    EXPECT_TRUE(wait_for([&] { return shop.ask(sale("after")).status == 200; }));
    const auto stored = lines_of(database.url,
                                 "select invoice_id from conversions where kind = 'purchase'"
                                 " and invoice_id like 's%'");
    EXPECT_EQ(stored.size(), acknowledged) << "the refused ones left nothing behind";
    EXPECT_EQ(recount(database.url), std::vector<std::string>());
}

}  // namespace
}  // namespace hw
