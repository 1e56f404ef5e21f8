// SPDX-License-Identifier: Apache-2.0
// Idempotency keys, the conversion log, exchange rates and salts as the store keeps them.
#include <fmt/format.h>

#include <limits>
#include <set>
#include <thread>

#include "store/conversion_log.hpp"
#include "store/fx_rates.hpp"
#include "store/idempotency.hpp"
#include "store/outbox.hpp"
#include "store/salts.hpp"
#include "store/tables.hpp"
#include "tests/fixture/engine_test.hpp"

namespace hw {
namespace {

class JournalTest : public EngineTest {
  protected:
    template <class F>
    auto done(F work) {
        using R = decltype(work(std::declval<Tx&>()));
        return *write([&](Tx& tx) -> Result<R> { return work(tx); });
    }
};

TEST_P(JournalTest, TheFirstAnswerToAKeyStands) {
    done([&](Tx& tx) {
        EXPECT_FALSE(claim_key(tx, "track_sale", "k", "hash 1"));
        store_answer(tx, "track_sale", "k", 201, "{\"a\":1}");
        return true;
    });
    done([&](Tx& tx) {
        const auto stands = claim_key(tx, "track_sale", "k", "hash 2");
        EXPECT_TRUE(stands);
        EXPECT_EQ(stands->request_hash, "hash 1");
        EXPECT_EQ(stands->status, 201);
        EXPECT_EQ(stands->body, "{\"a\":1}");
        EXPECT_FALSE(claim_key(tx, "track_lead", "k", "hash"));
        release_key(tx, "track_lead", "k");
        EXPECT_FALSE(claim_key(tx, "track_lead", "k", "hash"));
        EXPECT_TRUE(claim_key(tx, "track_sale", "k", "hash"));
        return true;
    });
    // An Error takes the claim back.
    const auto refused = write([&](Tx& tx) -> Result<bool> {
        EXPECT_FALSE(claim_key(tx, "track_sale", "k2", "hash"));
        return fail(ErrorCode::Conflict, "no");
    });
    EXPECT_FALSE(refused);
    done([&](Tx& tx) { return !claim_key(tx, "track_sale", "k2", "hash"); });
}

TEST_P(JournalTest, OneOfManyAtOnceGetsTheKey) {
    std::atomic<int> winners{0};
    std::atomic<int> repeats{0};
    std::vector<std::jthread> threads;
    for (int t = 0; t < 8; ++t) {
        threads.emplace_back([&] {
            done([&](Tx& tx) {
                const auto stands = claim_key(tx, "scope", "same", "hash");
                if (stands) {
                    EXPECT_EQ(stands->body, "done");
                    ++repeats;
                } else {
                    store_answer(tx, "scope", "same", 200, "done");
                    ++winners;
                }
                return true;
            });
        });
    }
    threads.clear();
    EXPECT_EQ(winners, 1);
    EXPECT_EQ(repeats, 7);
}

TEST_P(JournalTest, ConversionLogListsNewestFirst) {
    done([&](Tx& tx) {
        for (int i = 1; i <= 3; ++i) {
            LogEntry entry;
            entry.log_id = fmt::format("log_{}", i);
            entry.at_ms = i;
            entry.method = "POST";
            entry.path = "/track/sale";
            entry.status = 200 + i;
            entry.reason = i == 2 ? "click_not_found" : "";
            if (i == 3) entry.conversion_id = "sale_1";
            entry.request_id = "req";
            entry.request_body = "{\"customerName\":\"\xF0\x9F\xA6\x86\"}";
            insert_log_entry(tx, entry);
        }
        const auto all = list_log_entries(tx, workspace_id, 10, 0);
        EXPECT_EQ(all.size(), 3U);
        EXPECT_EQ(all[0].log_id, "log_3");
        EXPECT_EQ(all[0].conversion_id, "sale_1");
        EXPECT_EQ(all[0].status, 203);
        EXPECT_EQ(all[0].request_body, "{\"customerName\":\"\xF0\x9F\xA6\x86\"}");
        EXPECT_EQ(all[1].reason, "click_not_found");
        EXPECT_EQ(all[1].conversion_id, std::nullopt);
        const auto page = list_log_entries(tx, workspace_id, 1, 1);
        EXPECT_EQ(page.size(), 1U);
        EXPECT_EQ(page[0].log_id, "log_2");
        EXPECT_TRUE(list_log_entries(tx, "other", 10, 0).empty());
        return true;
    });
}

TEST_P(JournalTest, RatesOfADayStandAndLastUntilTheNext) {
    // Rates belong to no workspace, so the test takes currencies of its own.
    const auto base = "b" + workspace_id;
    const auto quote = "q" + workspace_id;
    done([&](Tx& tx) {
        insert_fx_rate(tx, {"2026-01-02", base, quote, "1.1", "ecb"});
        insert_fx_rate(tx, {"2026-01-05", base, quote, "1.2", "ecb"});
        insert_fx_rate(tx, {"2026-01-05", base, quote, "9.9", "starter"});
        struct Case {
            std::string_view date;
            std::string_view expected;
        };
        for (const auto& c : std::vector<Case>{{"2026-01-01", "none"},
                                               {"2026-01-02", "1.1"},
                                               {"2026-01-04", "1.1"},
                                               {"2026-01-05", "1.2"},
                                               {"2030-01-01", "1.2"}}) {
            const auto found = find_fx_rate(tx, base, quote, c.date);
            EXPECT_EQ(found ? found->rate : "none", c.expected) << c.date;
            EXPECT_EQ(find_fx_base(tx, quote, c.date).has_value(), c.expected != "none") << c.date;
        }
        EXPECT_EQ(find_fx_rate(tx, base, quote, "2026-01-05")->source, "ecb");
        EXPECT_EQ(find_fx_base(tx, quote, "2026-01-05"), base);
        EXPECT_FALSE(find_fx_rate(tx, quote, base, "2026-01-05"));
        EXPECT_FALSE(find_fx_base(tx, base, "2026-01-05"));
        return true;
    });
}

TEST_P(JournalTest, SaltsAreMadeOnceADay) {
    const auto day = "9999-" + workspace_id;  // after the days of every other test
    const auto salt = done([&](Tx& tx) { return ensure_salt(tx, day); });
    EXPECT_EQ(salt.size(), 43U);
    EXPECT_EQ(done([&](Tx& tx) { return ensure_salt(tx, day); }), salt);
    EXPECT_NE(done([&](Tx& tx) { return ensure_salt(tx, day + "x"); }), salt);
    done([&](Tx& tx) {
        delete_salts_before(tx, day);
        EXPECT_EQ(ensure_salt(tx, day), salt);
        delete_salts_before(tx, day + "x");
        EXPECT_NE(ensure_salt(tx, day), salt);
        return true;
    });
}

TEST_P(JournalTest, OutboxKeepsWhatHappened) {
    done([&](Tx& tx) {
        append_outbox(tx, "lead.created", "ld_1");
        append_outbox(tx, "sale.created", "sale_1");
        return true;
    });
    const auto reader = connect(url, Access::ReadOnly);
    reader->begin(workspace_id);
    std::vector<std::string> found;
    reader->stream(fmt::format("select kind, subject_id from outbox where workspace_id = '{}' "
                               "order by subject_id",
                               workspace_id),
                   [&](const Row& row) { found.push_back(row.text(0) + " " + row.text(1)); });
    EXPECT_EQ(found, (std::vector<std::string>{"lead.created ld_1", "sale.created sale_1"}));
}

HW_ON_BOTH_ENGINES(JournalTest);

}  // namespace
}  // namespace hw
