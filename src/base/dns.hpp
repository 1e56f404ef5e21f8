// SPDX-License-Identifier: Apache-2.0
// Name look-ups as everyone but net/ sees them: the two records that show whose a domain is.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/error.hpp"

namespace hw {

enum class DnsRecord : std::uint8_t { Txt, Cname };

class DnsResolver {
  public:
    virtual ~DnsResolver() = default;

    // Nothing found is an answer, too. An Error (Unavailable) when nobody answered in time.
    using Found = std::move_only_function<void(Result<std::vector<std::string>>)>;

    // Calls `found` once, on a thread of the resolver. TXT records as their text; CNAME as the
    // lower case name without the final dot. Thread-safe.
    virtual void look_up(std::string name, DnsRecord record, Found found) = 0;
};

}  // namespace hw
