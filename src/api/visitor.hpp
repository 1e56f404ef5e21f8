// SPDX-License-Identifier: Apache-2.0
// Who is on the other side of a click: a salted hash, a device, a place. Never the IP itself.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "api/http.hpp"
#include "base/env.hpp"
#include "base/geo.hpp"
#include "base/user_agent_cache.hpp"
#include "store/db.hpp"
#include "store/links.hpp"
#include "store/touches.hpp"

namespace hw {

// What is done when a browser asks not to be followed (Sec-GPC: 1, DNT: 1).
enum class PrivacySignals : std::uint8_t {
    Ignore,
    HonorGpc,  // the page view counts, and nobody is to know whose it was
    HonorAll,  // the same for DNT
};

struct VisitorOptions {
    std::string geo_database;        // path of a MaxMind file; empty: no look-up
    std::string geo_country_header;  // trusted header with an ISO country code; empty: none
    PrivacySignals privacy_signals = PrivacySignals::HonorGpc;
};

// Referrer as told by a script instead of the browser's header.
void set_referrer(Touch& touch, std::string_view referrer);

class Visitors {
  public:
    Visitors(Db& db, VisitorOptions options);

    // Calls `ready` when the salts of the current day are known: at once, except for the first
    // visitor of a day. `failed` gets the error when they cannot be read.
    void with_salts(std::move_only_function<void(std::optional<Error> failed)> ready);

    // What the rules of a link ask for. The country is empty when nobody knows.
    std::string country_of(const Request& request) const;
    std::shared_ptr<const UserAgent> agent_of(const Request& request) const;
    bool is_bot(const Request& request) const;

    // Salted hashes of the address alone: of today, and of yesterday. Needs the salts.
    struct Addresses {
        std::int64_t today;
        std::int64_t yesterday;
    };
    Addresses addresses_of(const Request& request) const;

    // Who sends a page view: as on a click, and as that workspace knows them for this day. Needs
    // the salts.
    struct Person {
        std::int64_t visitor;
        std::int64_t visitor_yesterday;  // as Touch has it
        std::string fingerprint;
    };
    Person person_of(const Request& request, std::string_view workspace_id) const;
    bool wants_privacy(const Request& request) const;

    // What a click on that link by this request is, with a new id. Needs the salts.
    Touch observe(const Request& request, const Link& link, std::string_view trigger) const;

  private:
    struct Salts {
        std::int64_t day_ms;  // first millisecond of the day
        std::string today;
        std::string yesterday;
    };

    static bool is_bot_request(const Request& request);  // whatever its user agent says
    std::int64_t hash(const Request& request, std::string_view salt) const;
    void place(const Request& request, Touch& touch) const;

    Db& db_;
    VisitorOptions options_;
    mutable UserAgentCache user_agents_{UserAgentParser::embedded()};
    std::optional<GeoDatabase> geo_;
    std::atomic<std::shared_ptr<const Salts>> salts_;
};

}  // namespace hw
