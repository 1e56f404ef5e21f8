// SPDX-License-Identifier: Apache-2.0
#include "base/yaml_json.hpp"

#include <yaml-cpp/yaml.h>

#include "base/log.hpp"

namespace hw {
namespace {

bool is_number(const std::string& text) {
    const auto digits = text.substr(text.starts_with('-') ? 1 : 0);
    if (digits.empty() || digits.find_first_not_of("0123456789.") != std::string::npos)
        return false;
    const auto point = digits.find('.');
    if (point == 0 || point == digits.size() - 1 || digits.find('.', point + 1) != digits.npos) {
        return point == std::string::npos;
    }
    return digits.size() == 1 || digits[0] != '0' || point == 1;
}

std::string scalar_json(const YAML::Node& node) {
    const auto& text = node.Scalar();
    const bool quoted = node.Tag() == "!";
    if (!quoted && (text == "true" || text == "false" || is_number(text))) return text;
    if (!quoted && (text == "null" || text == "~")) return "null";
    return json_quoted(text);
}

std::string node_json(const YAML::Node& node) {
    std::string out;
    switch (node.Type()) {
        case YAML::NodeType::Map:
            for (const auto& entry : node) {
                out += (out.empty() ? "" : ",") + json_quoted(entry.first.Scalar()) + ":" +
                       node_json(entry.second);
            }
            return "{" + out + "}";
        case YAML::NodeType::Sequence:
            for (const auto& item : node) out += (out.empty() ? "" : ",") + node_json(item);
            return "[" + out + "]";
        case YAML::NodeType::Scalar:
            return scalar_json(node);
        default:
            return "null";
    }
}

}  // namespace

std::string yaml_to_json(std::string_view yaml) {
    return node_json(YAML::Load(std::string(yaml)));
}

}  // namespace hw
