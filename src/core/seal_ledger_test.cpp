// SPDX-License-Identifier: Apache-2.0
#include "core/seal_ledger.hpp"

#include "base/civil_time.hpp"
#include "tests/fixture/engine_test.hpp"

namespace hw {
namespace {

class SealLedgerTest : public EngineTest {
  protected:
    std::string book(std::int64_t amount) {
        env.advance_ms(1);
        return *write([&](Tx& tx) -> Result<std::string> {
            const auto id = tx.new_id("ltx_");
            append_ledger_transaction(tx, {.workspace_id = workspace_id,
                                           .ledger_id = id,
                                           .kind = "accrual",
                                           .commission_id = {},
                                           .payout_id = {},
                                           .at_ms = tx.now_ms(),
                                           .postings = {{"expense:commissions", -amount, "usd"},
                                                        {"partner:pn_1:pending", amount, "usd"}}});
            return id;
        });
    }
    std::int64_t seal(std::int64_t limit) {
        return *write([&](Tx& tx) -> Result<std::int64_t> { return seal_ledger(tx, limit); });
    }
    std::vector<Difference> differences() {
        return *read([](Tx& tx) -> Result<std::vector<Difference>> { return verify_ledger(tx); });
    }
    std::vector<std::string> sealed() {
        return *read([&](Tx& tx) -> Result<std::vector<std::string>> {
            std::vector<std::string> ids;
            each_sealed(tx, workspace_id,
                        [&](const Seal& seal, const std::optional<LedgerTransaction>&) {
                            ids.push_back(seal.ledger_id);
                        });
            return ids;
        });
    }
};

TEST_P(SealLedgerTest, SealsOnceInOrder) {
    std::vector<std::string> booked;
    for (int i = 1; i <= 5; ++i) booked.push_back(book(i));
    EXPECT_EQ(seal(3), 3);
    booked.push_back(book(6));
    EXPECT_EQ(seal(100), 3);
    EXPECT_EQ(seal(100), 0);
    EXPECT_EQ(sealed(), booked);
    EXPECT_TRUE(differences().empty());
}

// However long nobody sealed, and in however small pieces they do.
TEST_P(SealLedgerTest, SealsWhatWaitedForWeeks) {
    std::vector<std::string> booked;
    for (int week = 0; week < 4; ++week) {
        booked.push_back(book(week + 1));
        env.advance_ms(7 * kDayMs);
    }
    for (int i = 0; i < 4; ++i) EXPECT_EQ(seal(1), 1);
    EXPECT_EQ(sealed(), booked);
}

// A transaction may commit after one whose id was made later.
TEST_P(SealLedgerTest, SealsALateOne) {
    env.advance_ms(kHourMs);
    book(1);
    EXPECT_EQ(seal(10), 1);
    env.advance_ms(-kHourMs);
    book(2);
    env.advance_ms(kHourMs);
    EXPECT_EQ(seal(10), 1);
    EXPECT_TRUE(differences().empty());
}

TEST(SealHash, DependsOnEverything) {
    const LedgerTransaction base{
        .workspace_id = "ws_1",
        .ledger_id = "ltx_1",
        .kind = "accrual",
        .commission_id = "cm_1",
        .payout_id = {},
        .at_ms = 5,
        .postings = {{"expense:commissions", -3, "usd"}, {"partner:pn_1:pending", 3, "usd"}}};
    const auto hash = seal_hash("", base);
    EXPECT_EQ(hash.size(), 64U);
    EXPECT_EQ(seal_hash("", base), hash);
    EXPECT_NE(seal_hash(hash, base), hash);
    const std::function<void(LedgerTransaction&)> changes[] = {
        [](auto& t) { t.workspace_id = "ws_2"; },
        [](auto& t) { t.ledger_id = "ltx_2"; },
        [](auto& t) { t.kind = "refund"; },
        [](auto& t) { t.commission_id = {}; },
        [](auto& t) { t.payout_id = "po_1"; },
        [](auto& t) { t.at_ms = 6; },
        [](auto& t) { t.postings[0].account += "x"; },
        [](auto& t) { t.postings[0].amount = 3; },
        [](auto& t) { t.postings[0].currency = "eur"; },
        [](auto& t) { t.postings.pop_back(); },
        [](auto& t) { std::swap(t.postings[0], t.postings[1]); },
    };
    for (const auto& change : changes) {
        auto changed = base;
        change(changed);
        EXPECT_NE(seal_hash("", changed), hash);
    }
}

HW_ON_BOTH_ENGINES(SealLedgerTest);

}  // namespace
}  // namespace hw
