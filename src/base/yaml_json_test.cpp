// SPDX-License-Identifier: Apache-2.0
#include "base/yaml_json.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace hw {
namespace {

struct Case {
    const char* yaml;
    const char* json;
};

TEST(YamlJson, Cases) {
    const std::vector<Case> cases{
        {"a: 1", R"({"a":1})"},
        {"a: '1'", R"({"a":"1"})"},
        {"a: \"true\"", R"({"a":"true"})"},
        {"a: true", R"({"a":true})"},
        {"a: ~", R"({"a":null})"},
        {"a:", R"({"a":null})"},
        {"a: -1.5", R"({"a":-1.5})"},
        {"a: 3.1.0", R"({"a":"3.1.0"})"},
        {"a: 0.1", R"({"a":0.1})"},
        {"a: 007", R"({"a":"007"})"},
        {"a: .5", R"({"a":".5"})"},
        {"a: [x, 'y', {b: 2}]", R"({"a":["x","y",{"b":2}]})"},
        {"a: |\n  line \"1\"\n", R"({"a":"line \"1\"\u000a"})"},
        {"'200': {d: e}", R"({"200":{"d":"e"}})"},
    };
    for (const auto& row : cases) {
        EXPECT_EQ(yaml_to_json(row.yaml), row.json) << row.yaml;
    }
}

}  // namespace
}  // namespace hw
