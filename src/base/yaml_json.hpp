// SPDX-License-Identifier: Apache-2.0
// YAML as JSON text, for documents that people keep in YAML and programs read as JSON.
#pragma once

#include <string>
#include <string_view>

namespace hw {

// Plain scalars become null, booleans and numbers as YAML 1.2's core schema reads them; quoted ones
// stay text. Throws YAML::Exception for text that is no YAML.
std::string yaml_to_json(std::string_view yaml);

}  // namespace hw
