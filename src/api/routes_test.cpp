// SPDX-License-Identifier: Apache-2.0
#include "api/routes.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/embedded.hpp"
#include "base/yaml_json.hpp"

namespace hw {
namespace {

std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
    return out;
}

// The document and the table name the same operations at the same places.
TEST(Routes, AgreeWithTheDocument) {
    const auto document =
        boost::json::parse(yaml_to_json(embedded_file("openapi/headwater.yaml"))).as_object();
    std::map<std::string, std::string> described;
    for (const auto& [path, item] : document.at("paths").as_object()) {
        for (const auto& [method, operation] : item.as_object()) {
            if (!operation.is_object()) continue;
            described[std::string(method) + " " + std::string(path)] =
                std::string(operation.at("operationId").as_string());
        }
    }
    std::map<std::string, std::string> served;
    for (const auto& route : routes()) {
        served[lower(route.method) + " " + std::string(route.path)] = std::string(route.operation);
    }
    EXPECT_EQ(served, described);
}

TEST(Routes, HaveOneHandlerAndOneName) {
    std::set<std::string_view> names;
    for (const auto& route : routes()) {
        EXPECT_NE(route.handler != nullptr, route.direct != nullptr) << route.operation;
        EXPECT_TRUE(names.insert(route.operation).second) << route.operation;
        EXPECT_EQ(route.scope.empty(), route.auth != Auth::Secret) << route.operation;
    }
}

struct Case {
    std::string_view method;
    std::string_view path;
    std::string_view operation;  // empty: no route
    std::vector<std::string> parameters;
    bool path_known;
};

TEST(Routes, Match) {
    const std::vector<Case> rows{
        {"POST", "/track/sale", "trackSale", {}, true},
        {"GET", "/track/sale", "", {}, true},
        {"GET", "/links/info", "getLinkInfo", {}, true},
        {"GET", "/links/link_1", "getLink", {"link_1"}, true},
        {"GET", "/conversions/a%2Fb/explain", "explainConversion", {"a/b"}, true},
        {"HEAD", "/livez", "live", {}, true},
        {"GET", "/livez/", "", {}, false},
        {"GET", "/links/%FF", "", {}, false},
        {"GET", "/", "", {}, false},
        {"GET", "//", "", {}, false},
    };
    for (const auto& row : rows) {
        const auto match = match_route(row.method, row.path);
        EXPECT_EQ(match.route ? match.route->operation : "", row.operation) << row.path;
        EXPECT_EQ(match.parameters, row.parameters) << row.path;
        EXPECT_EQ(match.path_known, row.path_known) << row.path;
    }
}

TEST(Routes, ReservedSegments) {
    for (const auto* word : {"api", "track", "links", "livez", "setup", "openapi.json"}) {
        EXPECT_TRUE(is_reserved_segment(word)) << word;
    }
    EXPECT_FALSE(is_reserved_segment("summer"));
}

}  // namespace
}  // namespace hw
