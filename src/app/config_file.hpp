// SPDX-License-Identifier: Apache-2.0
// The TOML file of --config: options at the top count for every command that has them, those in a
// command's own section ([serve], [keys.create]) before them. The environment counts before both.
#pragma once

#include <CLI/CLI.hpp>
#include <istream>
#include <string>
#include <vector>

namespace hw {

class ConfigFile final : public CLI::Config {
  public:
    explicit ConfigFile(const CLI::App& app) : app_(app) {}

    // The options for the command that is being run. A CLI::ConfigError names the line or the key
    // that is wrong, also where it stands in the section of another command.
    std::vector<CLI::ConfigItem> from_config(std::istream& file) const override;

    std::string to_config(const CLI::App*, bool, bool, std::string) const override { return {}; }

  private:
    const CLI::App& app_;
};

}  // namespace hw
