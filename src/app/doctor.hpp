// SPDX-License-Identifier: Apache-2.0
// `headwater doctor`: what could stop or endanger this installation, each with its fix.
#pragma once

#include <string>
#include <vector>

namespace hw {

enum class Lamp : std::uint8_t { Green, Yellow, Red };

struct Finding {
    Lamp lamp = Lamp::Green;
    std::string check;   // "disk space"
    std::string detail;  // what was seen
    std::string fix{};   // what to do; empty when green
};

// Everything, in the order of the output. `listen` is where the server is meant to listen.
std::vector<Finding> examine(const std::string& database, const std::string& listen);

}  // namespace hw
