// SPDX-License-Identifier: Apache-2.0
// What partners are owed, worked out the plain way from the facts that a test has told: an oracle
// that shares no code with the program. One programme, amounts in its reporting currency.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace hw {

struct PlainAmount {
    bool is_percentage = false;
    std::int64_t amount = 0;  // minor units, or hundredths of a percent
    std::optional<std::int64_t> months;
};

struct PlainModifier {
    std::string id;
    std::optional<std::int64_t> over;  // sales of more than that; else recurring ones
    PlainAmount pays;
};

struct PlainReward {
    std::string id;
    PlainAmount base;
    std::optional<std::int64_t> limit;
    std::string interval;  // of the limit: allTime, day, week, month
    std::vector<PlainModifier> modifiers;
};

struct PlainGroup {
    std::int64_t hold_days = 0;
    std::string sale_reward;  // empty: none
    std::string lead_reward;
};

// A lead or a sale that belongs to a link.
struct PlainEvent {
    std::string id;
    bool is_sale = false;
    std::int64_t amount = 0;  // in its own currency
    std::string currency;
    std::optional<std::int64_t> converted;
    std::string invoice;  // empty: none
    std::string link;
    std::string partner;  // of the link by now; empty: nobody's
    std::string customer;
    std::int64_t at_ms = 0;
};

struct PlainReview {
    std::string verdict;  // "amended": the two amounts
    std::int64_t amount = 0;
    std::optional<std::int64_t> earnings;
};

struct PlainCommission {
    std::string id;
    std::string partner;
    std::string kind;
    std::string customer;
    std::string event;  // id; empty for one by hand
    std::string reward;
    std::string modifier;
    std::optional<std::int64_t> months;
    std::int64_t amount = 0;
    std::int64_t earnings = 0;
    std::int64_t at_ms = 0;
    std::int64_t matures_at_ms = 0;
    std::vector<PlainReview> reviews;
};

struct PlainPayout {
    std::string id;
    std::string partner;
    std::string status;
    std::map<std::string, std::int64_t> items;  // commission -> amount
};

struct ToldRefund {
    std::string payment;
    std::string key;
    std::int64_t amount = 0;
    std::string currency;
};

struct ToldDispute {
    std::string payment;
    std::string key;
    std::string state;
};

struct PlainStanding {
    std::string status;
    std::int64_t amount = 0;
    std::int64_t earnings = 0;
    std::int64_t due = 0;
    std::int64_t payable = 0;  // `due`, were it in no payout
    std::string payout;
    bool was_paid = false;
    bool is_waiting = false;                       // in a payout that has not gone out
    std::map<std::string, std::int64_t> accounts;  // those that are not even
};

class PartnerBooks {
  public:
    std::map<std::string, PlainReward> rewards;
    std::map<std::string, PlainGroup> groups;
    std::map<std::string, std::string> group_of;  // partner -> group
    std::vector<PlainEvent> events;
    std::vector<PlainCommission> commissions;
    std::vector<PlainPayout> payouts;  // oldest first
    std::vector<ToldRefund> refunds;
    std::vector<ToldDispute> disputes;

    PlainStanding standing(const PlainCommission& commission, std::int64_t now_ms) const;

    // The commission that its partner gets for the event at that time, without id.
    std::optional<PlainCommission> credit(const PlainEvent& event, std::int64_t now_ms) const;

    // What the reward that paid it would pay for a sale of that amount.
    std::int64_t earnings_for(const PlainCommission& commission, std::int64_t amount) const;

    // The sale amount that was credited or decided last, before refunds.
    static std::int64_t whole_amount(const PlainCommission& commission);

    // Partner -> commission -> amount of the payouts that `least` allows.
    std::map<std::string, std::map<std::string, std::int64_t>> collect(std::int64_t least,
                                                                       std::int64_t now_ms) const;

    const PlainEvent* find_event(const std::string& id) const;
    PlainCommission* find_commission(const std::string& id);

  private:
    // What is owed in the end, into `is`; true when it is held.
    bool owed(const PlainCommission& commission, const std::string& verdict,
              PlainStanding& is) const;
    std::int64_t paid_of(const PlainCommission& commission, PlainStanding& is) const;
    std::int64_t refunded(const PlainEvent& sale) const;
    char dispute_of(const PlainEvent& sale) const;
    std::int64_t spent(const PlainReward& reward, const PlainEvent& event,
                       std::int64_t now_ms) const;
    const PlainCommission* first_of(const PlainEvent& event) const;
};

}  // namespace hw
