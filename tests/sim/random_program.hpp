// SPDX-License-Identifier: Apache-2.0
// A partner programme's life at random, in a workspace of its own and in one transaction that is
// rolled back in the end; after it the books are compared with an oracle. The same seed tells the
// same story on either engine.
#pragma once

#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/verify_books.hpp"
#include "store/connection.hpp"
#include "store/rewards.hpp"
#include "store/rollup_days.hpp"
#include "tests/fixture/engine_test.hpp"
#include "tests/sim/partner_books.hpp"

namespace hw {

// What happened, over many stories: a test wants to know that it saw something of everything.
enum class Deed : std::uint8_t {
    Lead,
    Sale,
    ManualSale,
    SaleWithoutRate,
    SaleToldAgain,
    Refund,
    RefundTooMuch,
    RefundBeforeSale,
    RefundToldAgain,
    RefundToldOtherwise,
    Dispute,
    Moved,
    MovedBack,
    Reviewed,
    ReviewRefused,
    Amended,
    Custom,
    PayoutMade,
    PayoutMoved,
    PayoutStepRefused,
    PayoutOutOfDate,
    CarriedOver,
    LimitReached,
    ModifierPaid,
    RateArrived,
    Count
};
using DeedCounts = std::array<std::int64_t, static_cast<std::size_t>(Deed::Count)>;

struct RandomProgramOptions {
    std::uint64_t seed = 1;
    std::string rare_currency = "nok";  // that has no rate until the story brings one
    bool is_checked_often = false;      // after every step
};

class RandomProgram {
  public:
    // The connection is in a transaction of the operator, on `env`, which this moves on.
    RandomProgram(Connection& connection, TestEnv& env, const RandomProgramOptions& options);

    // What is wrong, the first that was found; empty: nothing.
    std::string live();

    const std::vector<std::string>& story() const { return story_; }
    const DeedCounts& deeds() const { return deeds_; }

  private:
    // random_program.cpp: the stage, and what is compared.
    void open();
    void open_groups(Tx& tx);
    void open_partners(Tx& tx);
    std::string put_link(Tx& tx, const std::string& partner);
    void check();
    void check_commissions(Tx& tx);
    void check_balances(Tx& tx);
    void check_books();
    void reverse();
    void take_back_payments();

    // random_program_steps.cpp: what may happen.
    void step();
    void tell_lead();
    void tell_sale();
    void tell_manual_sale();
    void tell_custom();
    void tell_refund();
    void tell_dispute();
    void move_conversion();
    void review();
    void review_by_rules(PlainCommission& commission, const std::string& verdict);
    void amend();
    void make_payouts();
    void move_a_payout();
    void pass_time();
    std::string some_payment();
    void absorb();  // conversions that are new, with the commissions that they bring
    void expect_credit(Tx& tx, const PlainEvent& event);

    // random_program_terms.cpp: what is paid, and at which rate.
    void change_terms();
    void bring_rate();
    void put_reward(Tx& tx, const PlainReward& reward, bool is_new);
    void put_group(Tx& tx, const std::string& id, bool is_new);
    PlainAmount some_pay(bool is_percentage);
    PlainReward some_sale_reward(const std::string& id);
    bool is_rated(const std::string& currency, std::int64_t at_ms) const;

    // Runs it as a request of its own, one millisecond later.
    template <class F>
    auto act(F work) {
        env_.advance_ms(1);
        Tx tx(connection_, env_, workspace_id_);
        connection_.savepoint();
        auto result = work(tx);
        if (result) {
            open_old_days(connection_, tx.counters(), env_.now_ms());
            tx.counters().flush(connection_, 0);
            connection_.release_savepoint();
        } else {
            connection_.rollback_to_savepoint();
        }
        return result;
    }
    template <class... Args>
    void tell(fmt::format_string<Args...> text, Args&&... args) {
        story_.push_back(fmt::format(text, std::forward<Args>(args)...));
    }
    void expect(bool holds, std::string_view what) {
        if (!holds && wrong_.empty()) wrong_ = what;
    }
    void did(Deed deed) { ++deeds_[static_cast<std::size_t>(deed)]; }

    std::size_t below(std::size_t limit) { return dice_() % limit; }
    bool one_in(std::size_t n) { return below(n) == 0; }
    std::int64_t between(std::int64_t least, std::int64_t most) {
        return least + static_cast<std::int64_t>(below(static_cast<std::size_t>(most - least + 1)));
    }
    template <class T>
    auto& one_of(T& range) {
        return range[below(std::size(range))];
    }

    Connection& connection_;
    TestEnv& env_;
    RandomProgramOptions options_;
    std::mt19937_64 dice_;
    std::string workspace_id_;
    std::string domain_;
    std::int64_t min_payout_ = 0;
    std::vector<std::string> links_;     // of partners 1, 2, 3, and of nobody
    std::vector<std::string> clicks_;    // one on each
    std::int64_t rate_since_ms_ = 0;     // 0: the rare currency has no rate yet
    std::map<std::string, bool> rated_;  // conversion -> whether there was one when it was told
    PartnerBooks books_;
    std::vector<std::string> story_;
    std::string wrong_;
    DeedCounts deeds_{};
};

}  // namespace hw
