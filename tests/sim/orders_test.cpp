// SPDX-License-Identifier: Apache-2.0
// A sale and what follows it, told in every order and some of it again later on, always ends in the
// same books. A sample of the orders on PostgreSQL, all of them with HW_LONG=1.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <iostream>
#include <random>

#include "core/record_dispute.hpp"
#include "core/record_refund.hpp"
#include "store/ledger.hpp"
#include "tests/fixture/program_test.hpp"

namespace hw {
namespace {

constexpr std::string_view kEnd =
    "pending 1033 of 5167 due 0, expense:commissions -1033, partner:pn_1:pending 1033";

class OrdersTest : public ProgramTest {
  protected:
    Result<bool> tell(Tx& tx, const std::string& name, int event) {
        const auto alias = "invoice:" + name;
        const auto refund = [&](const char* key, std::int64_t amount,
                                const char* currency) -> Result<bool> {
            HW_TRY(record_refund(tx, {workspace_id, alias, key, amount, currency, "", 0}));
            return true;
        };
        const auto dispute = [&](const char* key, const char* state) {
            return record_dispute(tx, {workspace_id, alias, key, state, 0}).is_new;
        };
        switch (event) {
            case 0:
                return sell(tx, name);
            case 1:
                return refund("re_1", 2'500, "");
            case 2:
                return refund("re_2", 1'333, "usd");
            case 3:
                return dispute("dp_1", "open");
            case 4:
                return dispute("dp_1", "won");
            case 5:
                return dispute("dp_2", "won");
            default:
                return refund("re_3", 4'000, "jpy");  // no part of this sale
        }
    }
    Result<bool> sell(Tx& tx, const std::string& name) {
        auto sale = direct_sale("c" + name, click, 9'000);
        sale.invoice_id = name;
        HW_TRY(track_sale(tx, sale));
        return true;
    }
    std::string end_of(const std::string& name, const std::vector<int>& story) {
        const auto end = write([&](Tx& tx) -> Result<std::string> {
            for (const int event : story) HW_TRY(tell(tx, name, event));
            return digest(tx, name);
        });
        return end ? *end : end.error().message;
    }
    // What is known of the sale's commission in the end, without ids.
    std::string digest(Tx& tx, const std::string& name) {
        std::string text;
        const auto sale_id = conversion_of_payment(tx, "invoice:" + name);
        for (const auto& commission : commissions_of_conversion(tx, workspace_id, *sale_id)) {
            const auto& id = commission.commission_id;
            const auto state = find_commission_state(tx, workspace_id, id);
            text += fmt::format("{} {} of {} due {}", state->status, state->earnings, state->amount,
                                state->due);
            for (const auto& [account, amount] : postings_of_commission(tx, workspace_id, id)) {
                text += fmt::format(", {} {}", account, amount);
            }
        }
        return text;
    }
};

TEST_P(OrdersTest, EveryOrderEndsInOneDigest) {
    const bool is_long = std::getenv("HW_LONG") != nullptr;
    const int step = is_long ? 1 : GetParam() == EngineKind::Sqlite ? 7 : 41;
    const char* given = std::getenv("HW_SEED");
    const auto seed = given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device{}();
    std::cout << fmt::format("HW_SEED={}\n", seed) << std::flush;
    std::mt19937_64 dice(seed);
    std::array<int, 7> order{0, 1, 2, 3, 4, 5, 6};
    int number = 0;
    do {
        if (++number % step != 0) continue;
        const auto name = std::to_string(number);
        std::vector<int> story;
        for (const int event : order) {
            story.push_back(event);
            if (dice() % 2 == 0) story.push_back(story[dice() % story.size()]);
        }
        ASSERT_EQ(end_of(name, story), kEnd) << fmt::format("{}", fmt::join(story, " "));
    } while (std::ranges::next_permutation(order).found);
    EXPECT_EQ(number, 5'040);
    expect_clean_books();
}

HW_ON_BOTH_ENGINES(OrdersTest);

}  // namespace
}  // namespace hw
