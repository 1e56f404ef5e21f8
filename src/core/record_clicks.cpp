// SPDX-License-Identifier: Apache-2.0
#include "core/record_clicks.hpp"

#include <map>
#include <tuple>

#include "core/rollups.hpp"
#include "store/identities.hpp"
#include "store/outbox.hpp"

namespace hw {
namespace {

// The visitor first: it differs most.
using VisitorOnLink = std::tuple<std::int64_t, std::string_view, std::string_view>;

}  // namespace

std::vector<RecordedClick> record_clicks(Tx& tx, std::span<const Touch* const> touches) {
    // Within the batch the first touch of a visitor on a link stands for the others.
    std::map<VisitorOnLink, std::size_t> first_of;
    std::vector<const Touch*> distinct;
    std::vector<std::size_t> position(touches.size());
    for (std::size_t i = 0; i < touches.size(); ++i) {
        const auto& touch = *touches[i];
        const VisitorOnLink key{dedup_visitor(touch), touch.link_id, touch.workspace_id};
        const auto [entry, is_new] = first_of.try_emplace(key, distinct.size());
        if (is_new) distinct.push_back(touches[i]);
        position[i] = entry->second;
    }

    const auto earlier = claim_recent_clicks(tx, distinct);
    std::vector<const Touch*> winners;
    for (std::size_t d = 0; d < distinct.size(); ++d) {
        if (earlier[d]) continue;
        winners.push_back(distinct[d]);
        if (!distinct[d]->bot) count_click(tx, *distinct[d]);
    }
    insert_touches(tx, winners, Counted::Yes);
    insert_visitor_clicks(tx, winners);

    // A visitor who was already answered holds this id, so its row must exist.
    std::vector<const Touch*> kept;
    for (std::size_t i = 0; i < touches.size(); ++i) {
        const bool stands = distinct[position[i]] == touches[i] && !earlier[position[i]];
        if (touches[i]->answered && !stands) kept.push_back(touches[i]);
    }
    insert_touches(tx, kept, Counted::No);

    append_click_outbox(tx, winners);

    std::vector<RecordedClick> answers;
    answers.reserve(touches.size());
    for (std::size_t i = 0; i < touches.size(); ++i) {
        const auto* winner = distinct[position[i]];
        const auto& before = earlier[position[i]];
        answers.push_back({before ? *before : winner->touch_id, before || winner != touches[i]});
    }
    return answers;
}

}  // namespace hw
