// SPDX-License-Identifier: Apache-2.0
#include "core/mrr_book.hpp"

#include "base/civil_time.hpp"

namespace hw {

std::optional<MrrKind> mrr_kind(const MrrStep& step) {
    if (step.after == step.before) return std::nullopt;
    if (step.after > 0 && step.open_kind) return step.open_kind;
    if (step.after <= 0 && step.after < step.before) return MrrKind::Churn;
    if (step.before <= 0 && step.after > step.before) {
        return step.paid_before ? MrrKind::Reactivation : MrrKind::New;
    }
    return step.after > step.before ? MrrKind::Expansion : MrrKind::Contraction;
}

void MrrBook::add(const MrrMovement& movement) {
    if (movement.customer_key != customer_) {
        close_customer();
        customer_ = movement.customer_key;
    }
    sums_.sources[{movement.source, movement.currency}] += movement.delta;
    step(running_[movement.currency], movement);
}

MrrSums MrrBook::take() {
    close_customer();
    sums_.add({});  // without those at 0
    return std::move(sums_);
}

void MrrBook::step(Running& running, const MrrMovement& movement) {
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

void MrrBook::count(MrrKind kind, const MrrMovement& movement) {
    constexpr std::size_t kMonthCharacters = 7;
    auto& sum = sums_.months[{date_text(movement.at_ms).substr(0, kMonthCharacters),
                              movement.currency, static_cast<std::int64_t>(kind)}];
    sum.amount += movement.delta;
    ++sum.movements;
}

void MrrBook::close_customer() {
    for (const auto& [currency, running] : running_) {
        if (running.sum <= 0) continue;
        ++sums_.customers;
        break;
    }
    running_.clear();
}

MrrSums sum_mrr(Tx& tx, bool test) {
    MrrBook book;
    each_mrr_movement(tx, [&](const MrrMovement& movement) {
        if (movement.test == test) book.add(movement);
    });
    return book.take();
}

MrrSums sum_mrr_of_customer(Tx& tx, std::string_view customer_key, bool test) {
    MrrBook book;
    each_mrr_movement_of(tx, customer_key, [&](const MrrMovement& movement) {
        if (movement.test == test) book.add(movement);
    });
    return book.take();
}

}  // namespace hw
