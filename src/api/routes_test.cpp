// SPDX-License-Identifier: Apache-2.0
#include "api/routes.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/ascii.hpp"
#include "base/embedded.hpp"
#include "base/yaml_json.hpp"

namespace hw {
namespace {

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
        served[ascii_lower(route.method) + " " + std::string(route.path)] =
            std::string(route.operation);
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

// Lines of docs/compatibility.md: | METHOD /path | answer | remark |
struct Promise {
    std::string route;
    std::string answer;  // "yes", "no" or "differs"
};
std::vector<Promise> promises() {
    std::ifstream file(HW_SOURCE_DIR "/docs/compatibility.md");
    std::vector<Promise> found;
    for (std::string line; std::getline(file, line);) {
        const auto cell = [&](std::size_t number) {
            std::size_t begin = 0;
            for (std::size_t i = 0; i < number; ++i) begin = line.find('|', begin) + 1;
            return line.substr(begin + 1, line.find('|', begin) - begin - 2);
        };
        if (!line.starts_with("| `") || !line.contains(" /")) continue;
        const auto route = cell(1);
        if (!route.ends_with('`')) continue;  // another table
        found.push_back({route.substr(1, route.size() - 2), cell(2)});
    }
    return found;
}

// What is promised and on its way: a line leaves this list when its route is there.
const std::set<std::string> kPending = {};

// Without the names of parameters, which are ours alone: "GET /links/{}".
std::string place_of(std::string_view text) {
    std::string place;
    bool named = false;
    for (const char c : text) {
        if (c == '}') named = false;
        if (!named) place += c;
        if (c == '{') named = true;
    }
    return place;
}

TEST(Routes, KeepThePromisesOfTheDocument) {
    std::set<std::string> served;
    for (const auto& route : routes()) {
        served.insert(place_of(std::string(route.method) + " " + std::string(route.path)));
    }
    const auto lines = promises();
    EXPECT_GT(lines.size(), 50U);
    std::set<std::string> known;
    for (const auto& [route, answer] : lines) {
        EXPECT_TRUE(known.insert(route).second) << route << " is there twice";
        const bool is_served = served.contains(place_of(route));
        if (answer == "no") {
            EXPECT_FALSE(is_served) << route << " is served; say so in docs/compatibility.md";
        } else {
            EXPECT_TRUE(answer == "yes" || answer == "differs") << route << ": " << answer;
            EXPECT_TRUE(is_served || kPending.contains(route)) << route << " is not served";
        }
    }
    for (const auto& route : kPending) EXPECT_TRUE(known.contains(route)) << route;
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
        {"GET", "/script.js", "browserScript", {}, true},
        {"GET", "/script.site-visit.js", "browserScript", {}, true},
        {"GET", "/script.outbound-domains.js", "browserScript", {}, true},
        {"GET", "/script.site-visit.conversion-tracking.js", "browserScript", {}, true},
        {"GET",
         "/script.site-visit.outbound-domains.conversion-tracking.js",
         "browserScript",
         {},
         true},
        {"HEAD", "/analytics/script.js", "browserScript", {}, true},
        {"GET", "/analytics/script.conversion-tracking.js", "browserScript", {}, true},
        {"GET",
         "/analytics/analytics/script.js",
         "getAnalyticsOfEvent",
         {"analytics", "script.js"},
         true},
        {"GET", "/script.other.js", "", {}, false},
        {"GET", "/script", "", {}, false},
        {"GET", "/scripts.js", "", {}, false},
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
    for (const auto* word : {"api", "track", "links", "livez", "setup", "openapi.json", "script.js",
                             "script.site-visit.js"}) {
        EXPECT_TRUE(is_reserved_segment(word)) << word;
    }
    EXPECT_FALSE(is_reserved_segment("summer"));
}

}  // namespace
}  // namespace hw
