// SPDX-License-Identifier: Apache-2.0
#include "base/literal_set.hpp"

#include <algorithm>

#include "base/fault.hpp"

namespace hw {

LiteralSet::LiteralSet(std::span<const std::string> literals) {
    add_byte_classes(literals);
    add_literals(literals);
    link();
}

// The table has a column per byte that occurs, which is a fifth of all bytes.
void LiteralSet::add_byte_classes(std::span<const std::string> literals) {
    for (const auto& literal : literals) {
        for (const char c : literal) {
            auto& known = class_of_[static_cast<std::uint8_t>(c)];
            if (known != 0) continue;
            HW_ASSERT(classes_ < 256);
            known = static_cast<std::uint8_t>(classes_++);
        }
    }
}

// A tree of the literals; 0, the root, stands for "no child" until link().
void LiteralSet::add_literals(std::span<const std::string> literals) {
    next_.assign(classes_, 0);
    literal_.assign(1, -1);
    for (std::size_t i = 0; i < literals.size(); ++i) {
        HW_ASSERT(!literals[i].empty());
        Node node = 0;
        for (const char c : literals[i]) node = child(node, c);
        HW_ASSERT(literal_[node] == -1);
        literal_[node] = static_cast<int>(i);
    }
}

LiteralSet::Node LiteralSet::child(Node node, char c) {
    const auto slot = node * classes_ + class_of_[static_cast<std::uint8_t>(c)];
    if (next_[slot] == 0) {
        next_[slot] = static_cast<Node>(literal_.size());
        next_.resize(next_.size() + classes_, 0);
        literal_.push_back(-1);
    }
    return next_[slot];
}

// Breadth first, so that the state of the longest proper suffix is complete
// before it is used.
void LiteralSet::link() {
    std::vector<Node> suffix(literal_.size(), 0);
    shorter_.assign(literal_.size(), 0);
    std::vector<Node> queue{0};
    for (std::size_t at = 0; at < queue.size(); ++at) link_children(queue[at], suffix, queue);
}

void LiteralSet::link_children(Node node, std::vector<Node>& suffix, std::vector<Node>& queue) {
    const auto fall = suffix[node];
    for (std::uint32_t c = 0; c < classes_; ++c) {
        auto& next = next_[node * classes_ + c];
        const auto otherwise = node == 0 ? 0 : next_[fall * classes_ + c];
        if (next == 0) {
            next = otherwise;
            continue;
        }
        suffix[next] = otherwise;
        shorter_[next] = literal_[otherwise] >= 0 ? otherwise : shorter_[otherwise];
        queue.push_back(next);
    }
}

std::vector<int> LiteralSet::find_all(std::string_view text) const {
    std::vector<int> found;
    Node node = 0;
    for (const char c : text) {
        node = step(node, c);
        const auto last = literal_[node] >= 0 ? node : shorter_[node];
        for (auto end = last; end != 0; end = shorter_[end]) found.push_back(literal_[end]);
    }
    std::ranges::sort(found);
    found.erase(std::ranges::unique(found).begin(), found.end());
    return found;
}

bool LiteralSet::contains_any(std::string_view text) const {
    Node node = 0;
    for (const char c : text) {
        node = step(node, c);
        if (literal_[node] >= 0 || shorter_[node] != 0) return true;
    }
    return false;
}

}  // namespace hw
