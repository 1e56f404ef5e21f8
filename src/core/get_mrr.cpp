// SPDX-License-Identifier: Apache-2.0
#include "core/get_mrr.hpp"

#include <numeric>

#include "base/civil_time.hpp"
#include "base/fault.hpp"
#include "core/convert_currency.hpp"
#include "store/mrr_movements.hpp"
#include "store/workspaces.hpp"

namespace hw {
namespace {

// Of one customer in one currency, as its movements pass by in the order of time.
struct Running {
    std::int64_t sum = 0;
    bool paid_before = false;
    std::optional<MrrKind> open_kind{};
    std::int64_t open_until_ms = 0;
};

class Book {
  public:
    void add(const MrrMovement& movement) {
        if (movement.customer_key != customer_) {
            close_customer();
            customer_ = movement.customer_key;
        }
        mrr_.by_source[{movement.source, movement.currency}] += movement.delta;
        mrr_.current[movement.currency] += movement.delta;
        step(running_[movement.currency], movement);
    }

    Mrr take() {
        close_customer();
        std::erase_if(mrr_.current, [](const auto& entry) { return entry.second == 0; });
        std::erase_if(mrr_.by_source, [](const auto& entry) { return entry.second == 0; });
        for (auto& [key, month] : months_) mrr_.months.push_back(std::move(month));
        return std::move(mrr_);
    }

  private:
    void step(Running& running, const MrrMovement& movement) {
        const auto after = running.sum + movement.delta;
        if (movement.at_ms >= running.open_until_ms) running.open_kind.reset();
        const auto kind = mrr_kind({.before = running.sum,
                                    .after = after,
                                    .paid_before = running.paid_before,
                                    .open_kind = running.open_kind});
        const bool starts = kind == MrrKind::New || kind == MrrKind::Reactivation;
        if (starts && !running.open_kind) running.open_until_ms = movement.at_ms + kHourMs;
        if (starts) running.open_kind = kind;
        if (kind == MrrKind::Churn) running.open_kind.reset();
        running.sum = after;
        running.paid_before = running.paid_before || after > 0;
        if (kind) count(*kind, movement);
    }

    void count(MrrKind kind, const MrrMovement& movement) {
        constexpr std::size_t kMonthCharacters = 7;
        auto name = date_text(movement.at_ms).substr(0, kMonthCharacters);
        auto& month = months_[{name, movement.currency}];
        month.month = std::move(name);
        month.currency = movement.currency;
        month.amounts[static_cast<std::size_t>(kind)] += movement.delta;
        ++month.counts[static_cast<std::size_t>(kind)];
    }

    void close_customer() {
        for (const auto& [currency, running] : running_) {
            if (running.sum <= 0) continue;
            ++mrr_.customers;
            break;
        }
        running_.clear();
    }

    Mrr mrr_;
    std::string customer_;
    std::map<std::string, Running> running_;
    std::map<std::pair<std::string, std::string>, MrrMonth> months_;
};

void convert_current(Tx& tx, Mrr& mrr) {
    const auto workspace = find_workspace(tx, tx.workspace_id());
    HW_ASSERT(workspace);
    mrr.reporting_currency = workspace->currency;
    std::int64_t sum = 0;
    for (const auto& [currency, amount] : mrr.current) {
        const auto converted =
            convert_currency(tx, amount, currency, workspace->currency, tx.now_ms());
        if (!converted.amount) return;
        sum += *converted.amount;
    }
    mrr.current_converted = sum;
}

}  // namespace

std::int64_t MrrMonth::net() const {
    return std::accumulate(amounts.begin(), amounts.end(), std::int64_t{0});
}

std::optional<MrrKind> mrr_kind(const MrrStep& step) {
    if (step.after == step.before) return std::nullopt;
    if (step.after > 0 && step.open_kind) return step.open_kind;
    if (step.after <= 0 && step.after < step.before) return MrrKind::Churn;
    if (step.before <= 0 && step.after > step.before) {
        return step.paid_before ? MrrKind::Reactivation : MrrKind::New;
    }
    return step.after > step.before ? MrrKind::Expansion : MrrKind::Contraction;
}

Mrr get_mrr(Tx& tx, const MrrQuery& query) {
    Book book;
    each_mrr_movement(tx, [&](const MrrMovement& movement) {
        if (movement.test == query.test) book.add(movement);
    });
    auto mrr = book.take();
    convert_current(tx, mrr);
    return mrr;
}

}  // namespace hw
