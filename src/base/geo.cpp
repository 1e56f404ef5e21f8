// SPDX-License-Identifier: Apache-2.0
#include "base/geo.hpp"

#include <maxminddb.h>
#include <netinet/in.h>

#include <algorithm>
#include <cstring>

#include "base/ip.hpp"
#include "base/utf8.hpp"

namespace hw {
namespace {

union SocketAddress {
    sockaddr any;
    sockaddr_in v4;
    sockaddr_in6 v6;
};

SocketAddress socket_address(const IpAddress& ip) {
    SocketAddress address{};
    const auto& bytes = ip.bytes();
    if (ip.is_v4()) {
        address.v4.sin_family = AF_INET;
        std::memcpy(&address.v4.sin_addr, bytes.data() + 12, 4);
    } else {
        address.v6.sin6_family = AF_INET6;
        std::memcpy(&address.v6.sin6_addr, bytes.data(), bytes.size());
    }
    return address;
}

// The text at `path` (ends with nullptr) of an entry, or "Unknown".
std::string text_at(MMDB_entry_s entry, const char* const* path) {
    MMDB_entry_data_s data{};
    const bool found = MMDB_aget_value(&entry, &data, path) == MMDB_SUCCESS && data.has_data &&
                       data.type == MMDB_DATA_TYPE_UTF8_STRING && data.data_size > 0;
    if (!found) return "Unknown";
    return valid_utf8(std::string_view(data.utf8_string, data.data_size));
}

constexpr const char* kContinent[] = {"continent", "code", nullptr};
constexpr const char* kCountry[] = {"country", "iso_code", nullptr};
constexpr const char* kSubdivision[] = {"subdivisions", "0", "iso_code", nullptr};
constexpr const char* kCity[] = {"city", "names", "en", nullptr};

}  // namespace

void GeoDatabase::Close::operator()(MMDB_s* database) const {
    MMDB_close(database);
    delete database;
}

Result<GeoDatabase> GeoDatabase::open(const std::string& path) {
    auto opened = std::make_unique<MMDB_s>();
    const int status = MMDB_open(path.c_str(), MMDB_MODE_MMAP, opened.get());
    if (status != MMDB_SUCCESS) {
        return fail(ErrorCode::BadRequest,
                    "cannot open the geo database '" + path + "': " + MMDB_strerror(status));
    }
    return GeoDatabase(Handle(opened.release()));
}

Geo GeoDatabase::lookup(std::string_view ip) const {
    Geo geo;
    const auto address = IpAddress::parse(ip);
    if (!address) return geo;
    const auto socket = socket_address(*address);
    int status = MMDB_SUCCESS;
    const auto found = MMDB_lookup_sockaddr(database_.get(), &socket.any, &status);
    if (status != MMDB_SUCCESS || !found.found_entry) return geo;
    geo.continent = text_at(found.entry, kContinent);
    geo.country = text_at(found.entry, kCountry);
    geo.city = text_at(found.entry, kCity);
    const auto subdivision = text_at(found.entry, kSubdivision);
    const bool known = geo.country != "Unknown" && subdivision != "Unknown";
    if (known) geo.region = geo.country + "-" + subdivision;
    return geo;
}

}  // namespace hw
