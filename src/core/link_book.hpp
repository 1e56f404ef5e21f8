// SPDX-License-Identifier: Apache-2.0
// The links that events belong to, each read once and many at a time. Bounded: it forgets.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>

#include "store/events.hpp"

namespace hw {

class LinkBook {
  public:
    explicit LinkBook(Tx& tx) : tx_(tx) {}

    // Makes find() quick for these. Earlier ones may be forgotten, and pointers to them end.
    void load(std::span<const std::string> link_ids);

    // Null when the link was deleted. Only for ids of the last load().
    const TaggedLink* find(std::string_view link_id) const;

  private:
    Tx& tx_;
    std::map<std::string, TaggedLink, std::less<>> links_;
};

}  // namespace hw
