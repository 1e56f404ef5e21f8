// SPDX-License-Identifier: Apache-2.0
// Where an address is, from a local MaxMind database (GeoLite2, DB-IP and others in that format).
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/error.hpp"

struct MMDB_s;  // NOLINT(readability-identifier-naming): its library calls it so

namespace hw {

// "Unknown" wherever the database does not say; nothing is guessed.
struct Geo {
    std::string continent{"Unknown"};  // "NA"
    std::string country{"Unknown"};    // "US"
    std::string region{"Unknown"};     // "US-CA"
    std::string city{"Unknown"};       // "San Francisco", in English

    bool operator==(const Geo&) const = default;
};

class GeoDatabase {
  public:
    static Result<GeoDatabase> open(const std::string& path);

    // Any thread may call it. Every "Unknown" for what is no address.
    Geo lookup(std::string_view ip) const;

  private:
    struct Close {
        void operator()(MMDB_s* database) const;
    };
    using Handle = std::unique_ptr<MMDB_s, Close>;

    explicit GeoDatabase(Handle database) : database_(std::move(database)) {}

    Handle database_;
};

}  // namespace hw
