// SPDX-License-Identifier: Apache-2.0
// The database takes no writes for a while: what does not fit in the queue is refused at once, and
// what needs no write goes on.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include "base/limits.hpp"
#include "tests/reliability/running_shop.hpp"
#include "tests/wait_for.hpp"

namespace hw {
namespace {

// Enough to fill the queue beside the group that the writer holds. A connection has one request at
// work, whatever it pipelines.
constexpr std::size_t kConnections = limits::kWriteQueueMax + limits::kGroupCommitMax + 8;

void raise_open_files_limit() {
    rlimit files{};
    ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &files), 0);
    ASSERT_GE(files.rlim_max, kConnections + 100) << "ulimit -Hn is too low for this test";
    files.rlim_cur = files.rlim_max;
    ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &files), 0);
}

// Requests that found a queue full.
int refused_total(const RunningShop& shop) {
    constexpr std::string_view kName = "\nheadwater_refused_total ";
    const auto metrics = shop.ask("GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n").body;
    const auto at = metrics.find(kName);
    return at == metrics.npos ? 0 : std::stoi(metrics.substr(at + kName.size()));
}

TEST(Overload, RefusesWhatDoesNotFitAndRecovers) {
    raise_open_files_limit();
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
    const auto one_more = [&] {
        crowd.emplace_back(shop.port());
        ASSERT_TRUE(crowd.back().send(sale(fmt::format("s{}", crowd.size()))));
    };
    while (crowd.size() < kConnections) one_more();
    // The writer gives up a group from time to time, which makes room: fill that too.
    EXPECT_TRUE(wait_for([&] {
        one_more();
        return refused_total(shop) > 0;
    }));
    EXPECT_EQ(shop.ask(click_request("k1", "x", "dub-no-track: 1\r\n")).status, 302);

    blocker->rollback();
    std::size_t acknowledged = 0;
    std::size_t refused = 0;
    for (auto& client : crowd) {
        const auto answer = client.answer();
        ASSERT_TRUE(answer.has_value());
        ASSERT_TRUE(answer->status == 200 || answer->status == 503) << answer->body;
        const auto seconds = answer->header("Retry-After");
        EXPECT_EQ(seconds.empty(), answer->status == 200);
        EXPECT_EQ(seconds.find_first_not_of("0123456789"), std::string::npos) << seconds;
        acknowledged += answer->status == 200 ? 1 : 0;
        refused += answer->body.contains("(queue_full)") ? 1 : 0;
    }
    EXPECT_GT(refused, 0U);
    EXPECT_TRUE(wait_for([&] { return shop.ask(sale("after")).status == 200; }));
    const auto stored = lines_of(database.url,
                                 "select invoice_id from conversions where kind = 'purchase'"
                                 " and invoice_id like 's%'");
    EXPECT_EQ(stored.size(), acknowledged) << "the refused ones left nothing behind";
    EXPECT_EQ(recount(database.url), std::vector<std::string>());
}

}  // namespace
}  // namespace hw
