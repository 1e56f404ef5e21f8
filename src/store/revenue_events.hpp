// SPDX-License-Identifier: Apache-2.0
// Revenue events as they were told first: append-only, once per processor, transaction and type.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/tx.hpp"

namespace hw {

struct RevenueEvent {
    std::string payment_processor;  // lower case; empty when not told
    std::string transaction_id;
    std::string event_type;   // purchase, subscription, renewal, upgrade, downgrade, churn, refund
    std::string customer_id;  // the merchant's own
    std::string subscription_id;
    std::int64_t amount = 0;                   // minor units; negative for refunds
    std::string currency;                      // lower case
    std::optional<std::int64_t> mrr_impact{};  // minor units per month
    std::string fingerprint{};
    std::string session_id{};
    bool is_recurring = false;
    std::optional<std::string> metadata{};  // JSON object
    std::int64_t occurred_at_ms = 0;
    bool test = false;
    std::vector<std::string> warnings{};  // what looked wrong and was taken all the same

    // Not stored by themselves.
    std::string original_transaction_id{};  // of a refund; also in `metadata`
    std::string click_id{};
    std::string link_slug{};
};

bool insert_revenue_event(Tx& tx, const RevenueEvent& event);  // false: its key is taken
std::optional<RevenueEvent> find_revenue_event(Tx& tx, const RevenueEvent& key);

// Whether another type or processor has this transaction id.
bool has_other_revenue_event(Tx& tx, const RevenueEvent& event);

// "subscription" or "churn": what the subscription's latest such event is, at that time or before.
std::string last_subscription_step(Tx& tx, const RevenueEvent& event);

}  // namespace hw
