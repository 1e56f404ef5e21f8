// SPDX-License-Identifier: Apache-2.0
// The `data` of every event that subscribers are told (reference: dub, 4.1), made by the same
// functions as the answers of the API, so that the shapes cannot drift apart.
#pragma once

#include <string>
#include <string_view>

#include "store/event_payloads.hpp"

namespace hw {

class JsonEventPayloads final : public EventPayloads {
  public:
    // `server_url` is where browsers reach this server, without a slash at its end.
    explicit JsonEventPayloads(std::string server_url) : server_url_(std::move(server_url)) {}

    std::string render(Tx& tx, std::string_view kind, std::string_view subject_id) override;

  private:
    std::string server_url_;
};

}  // namespace hw
