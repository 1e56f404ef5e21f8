// SPDX-License-Identifier: Apache-2.0
// A disk that fails ends the server before it acknowledges anything more. A disk that is full makes
// it wait until there is room.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "app/exit_code.hpp"
#include "tests/reliability/running_shop.hpp"
#include "tests/wait_for.hpp"

namespace hw {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kCanPreload = false;
#else
constexpr bool kCanPreload = true;
#endif

constexpr int kSales = 32;

class DiskFaults : public ::testing::Test {
  protected:
    void SetUp() override {
        if (!kCanPreload) GTEST_SKIP() << "the sanitizer must be the first library loaded";
        seed_shop(database_.url);
        shop_.start();
        click_id_ = click_id_of(shop_.ask(click_request("k0", browser_agent("before"))));
        ASSERT_FALSE(click_id_.empty());
        ASSERT_EQ(shop_.ask(sale("before")).status, 200);
    }

    std::string sale(const std::string& invoice) const {
        return sale_request({.customer = "c-" + invoice,
                             .invoice = invoice,
                             .amount = 1'000,
                             .click_id = click_id_});
    }

    void break_disk(std::string_view how) {
        std::ofstream(trigger_ + ".new") << how;
        std::filesystem::rename(trigger_ + ".new", trigger_);
    }
    void mend_disk() { std::filesystem::remove(trigger_); }

    std::vector<std::string> invoices() const {
        return lines_of(database_.url,
                        "select invoice_id from conversions where kind = 'purchase'");
    }

    OwnDatabase database_ = own_database(EngineKind::Sqlite);
    TempDir folder_;
    std::string trigger_ = folder_ / "fault";
    RunningShop shop_{database_.url,
                      {"LD_PRELOAD=" HW_DISK_FAULT_LIBRARY, "HW_DISK_FAULT=" + trigger_}};
    std::string click_id_;
};

class DiskFailure : public DiskFaults, public ::testing::WithParamInterface<const char*> {};

TEST_P(DiskFailure, EndsTheServerWithoutAnAcknowledgement) {
    std::vector<RawClient> clients;
    for (int i = 0; i < kSales; ++i) clients.emplace_back(shop_.port());
    break_disk(GetParam());
    for (int i = 0; i < kSales; ++i) {
        clients[static_cast<std::size_t>(i)].send(sale(fmt::format("i{}", i)));
    }
    for (auto& client : clients) {
        const auto answer = client.answer();
        EXPECT_FALSE(answer && answer->status < 500) << answer->head << answer->body;
    }
    EXPECT_EQ(shop_.wait(), exit_code::kDiskFailed) << shop_.log();
    EXPECT_NE(shop_.log().find(R"("event":"disk_failed")"), std::string::npos) << shop_.log();

    mend_disk();
    shop_.start();
    EXPECT_EQ(shop_.ask(sale("before")).header("Idempotent-Replayed"), "true");
    for (int i = 0; i < kSales; ++i) {
        EXPECT_EQ(shop_.ask(sale(fmt::format("i{}", i))).status, 200);
    }
    EXPECT_EQ(invoices().size(), static_cast<std::size_t>(kSales + 1)) << "none twice";
    EXPECT_EQ(recount(database_.url), std::vector<std::string>());
}

INSTANTIATE_TEST_SUITE_P(How, DiskFailure, ::testing::Values("eio", "sync"),
                         [](const auto& how) { return std::string(how.param); });

TEST_F(DiskFaults, AFullDiskIsWaitedFor) {
    break_disk("full");
    for (const auto& request :
         {sale("while-full"), click_request("k1", browser_agent("while full"))}) {
        const auto refused = shop_.ask(request);
        EXPECT_EQ(refused.status, 503) << refused.body;
        const auto seconds = refused.header("Retry-After");
        EXPECT_FALSE(seconds.empty());
        EXPECT_EQ(seconds.find_first_not_of("0123456789"), std::string::npos) << seconds;
    }
    EXPECT_EQ(invoices(), std::vector<std::string>{"before"});
    EXPECT_EQ(shop_.ask(click_request("k1", "x", "dub-no-track: 1\r\n")).status, 302)
        << "what needs no room goes on";
    EXPECT_TRUE(shop_.running());

    mend_disk();
    EXPECT_TRUE(wait_for([&] {
        return shop_.ask("GET /readyz HTTP/1.1\r\nHost: api.example\r\n\r\n").status == 200;
    })) << "it finds out by itself";
    EXPECT_EQ(shop_.ask(sale("while-full")).status, 200);
    EXPECT_EQ(invoices(), (std::vector<std::string>{"before", "while-full"}));
    EXPECT_EQ(recount(database_.url), std::vector<std::string>());
    EXPECT_TRUE(shop_.running());
}

}  // namespace
}  // namespace hw
