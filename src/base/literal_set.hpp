// SPDX-License-Identifier: Apache-2.0
// Finds which of many literals occur in a text, in one pass (Aho-Corasick). RE2
// has this for regexes only, and its set of literals grows a state for every
// combination it meets.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hw {

class LiteralSet {
  public:
    explicit LiteralSet(std::span<const std::string> literals);

    // The indexes of the literals that occur in `text`, ascending, each once.
    std::vector<int> find_all(std::string_view text) const;
    bool contains_any(std::string_view text) const;

  private:
    using Node = std::uint32_t;

    Node step(Node node, char c) const {
        return next_[node * classes_ + class_of_[static_cast<std::uint8_t>(c)]];
    }
    void add_byte_classes(std::span<const std::string> literals);
    void add_literals(std::span<const std::string> literals);
    Node child(Node node, char c);  // made when it is not there
    void link();
    void link_children(Node node, std::vector<Node>& suffix, std::vector<Node>& queue);

    std::array<std::uint8_t, 256> class_of_{};  // 0 for bytes that no literal has
    std::uint32_t classes_ = 1;
    std::vector<Node> next_;     // [node * classes_ + class]
    std::vector<int> literal_;   // that ends at the node, or -1
    std::vector<Node> shorter_;  // longest proper suffix of the node that ends a literal, or 0
};

}  // namespace hw
