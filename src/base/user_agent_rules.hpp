// SPDX-License-Identifier: Apache-2.0
// One list of uap-core rules (browsers, systems or devices): the first regex
// that matches names it.
#pragma once

#include <re2/filtered_re2.h>

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/literal_set.hpp"

namespace YAML {
class Node;
}

namespace hw {

class UserAgentRules {
  public:
    static constexpr std::size_t kFields = 4;
    using Fields = std::array<std::string, kFields>;

    // Where a rule's fields come from: the key of the replacement text in the
    // YAML and the text that holds where a rule has none ("$1" is the first
    // group).
    struct Field {
        const char* key;
        const char* otherwise;
    };
    using Layout = std::array<Field, kFields>;

    UserAgentRules(const YAML::Node& rules, const Layout& layout);

    // The fields of the first rule that matches; `lower` is `text` in lower case.
    std::optional<Fields> first_match(std::string_view text, std::string_view lower) const;

    std::size_t size() const { return templates_.size(); }
    std::size_t skipped() const { return skipped_; }  // rules whose regex RE2 does not have

  private:
    re2::FilteredRE2 regexes_;
    std::vector<Fields> templates_;      // by the index of the regex
    std::unique_ptr<LiteralSet> atoms_;  // what must occur in a text for a regex to be tried
    std::size_t skipped_ = 0;
};

}  // namespace hw
