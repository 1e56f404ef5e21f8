// SPDX-License-Identifier: Apache-2.0
// What subscribers are told of an event, as the transaction of the fact asks for it. JSON is api's
// business, so api has the class that does it (api/event_payloads.hpp).
#pragma once

#include <string>
#include <string_view>

#include "store/tx.hpp"

namespace hw {

class EventPayloads {
  public:
    virtual ~EventPayloads() = default;

    // The event's `data` as JSON text, as of this moment of the transaction.
    virtual std::string render(Tx& tx, std::string_view kind, std::string_view subject_id) = 0;
};

}  // namespace hw
