// SPDX-License-Identifier: Apache-2.0
#include "app/config_file.hpp"

#include <fmt/format.h>

#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

#include <algorithm>
#include <cstdlib>

namespace hw {
namespace {

[[noreturn]] void refuse(const std::string& why) {
    throw CLI::ConfigError("the file of --config: " + why);
}

// Option names have hyphens; "log_level" is what many write in TOML.
std::string option_name(std::string_view key) {
    std::string name(key);
    std::ranges::replace(name, '_', '-');
    return name;
}

std::vector<const CLI::App*> commands_of(const CLI::App& app) {
    return app.get_subcommands([](const CLI::App*) { return true; });
}

const CLI::App* find_command(const CLI::App& app, std::string_view name) {
    const auto all = commands_of(app);
    const auto found = std::ranges::find(all, name, &CLI::App::get_name);
    return found == all.end() ? nullptr : *found;
}

bool has_option(const CLI::App& app, const std::string& name) {
    return app.get_option_no_throw("--" + name) != nullptr;
}

bool any_has_option(const CLI::App& app, const std::string& name) {
    return has_option(app, name) || std::ranges::any_of(commands_of(app), [&](const CLI::App* sub) {
               return any_has_option(*sub, name);
           });
}

// Everything in the file must mean something, or a slip of the keyboard would go unnoticed.
void check_names(const toml::table& table, const CLI::App& app, const std::string& place) {
    for (const auto& [key, value] : table) {
        const std::string name(key.str());
        if (const auto* section = value.as_table()) {
            const auto* command = find_command(app, name);
            if (command == nullptr) refuse(fmt::format("[{}{}] is no command", place, name));
            check_names(*section, *command, place + name + ".");
        } else if (!any_has_option(app, option_name(name))) {
            refuse(fmt::format("line {}: {}{} is no option{}; see headwater {}--help",
                               value.source().begin.line, place, name,
                               place.empty() ? " of any command" : "",
                               place.empty() ? "" : place.substr(0, place.size() - 1) + " "));
        }
    }
}

void add_text(std::vector<std::string>& texts, const toml::node& value, const std::string& name) {
    if (const auto* text = value.as_string()) return texts.push_back(text->get());
    if (const auto* number = value.as_integer()) {
        return texts.push_back(std::to_string(number->get()));
    }
    if (const auto* flag = value.as_boolean()) {
        return texts.push_back(flag->get() ? "true" : "false");
    }
    refuse(
        fmt::format("line {}: {} must be a text, a whole number, true or false, or a list of "
                    "them",
                    value.source().begin.line, name));
}

std::vector<std::string> texts_of(const toml::node& value, const std::string& name) {
    std::vector<std::string> texts;
    if (const auto* list = value.as_array()) {
        for (const auto& item : *list) add_text(texts, item, name);
    } else {
        add_text(texts, value, name);
    }
    return texts;
}

bool in_environment(const CLI::Option& option) {
    const auto* value =
        option.get_envname().empty() ? nullptr : std::getenv(option.get_envname().c_str());
    return value != nullptr && *value != '\0';
}

// Takes from `table` what the command `leaf` (found at `path`) has an option for, unless a section
// further inside has said it already.
void take(const toml::table& table, const CLI::App& leaf, const std::vector<std::string>& path,
          std::vector<CLI::ConfigItem>& found) {
    for (const auto& [key, value] : table) {
        if (value.is_table()) continue;
        const auto name = option_name(key.str());
        const auto* option = leaf.get_option_no_throw("--" + name);
        if (option == nullptr || in_environment(*option)) continue;
        if (std::ranges::find(found, name, &CLI::ConfigItem::name) != found.end()) continue;
        CLI::ConfigItem item;
        item.parents = path;
        item.name = name;
        item.inputs = texts_of(value, name);
        found.push_back(std::move(item));
    }
}

}  // namespace

std::vector<CLI::ConfigItem> ConfigFile::from_config(std::istream& file) const {
    const auto parsed = toml::parse(file);
    if (!parsed) {
        refuse(fmt::format("line {}: {}", parsed.error().source().begin.line,
                           parsed.error().description()));
    }
    check_names(parsed.table(), app_, "");

    // The sections from the file's top down to the command that runs.
    std::vector<const toml::table*> sections{&parsed.table()};
    std::vector<std::string> path;
    const CLI::App* leaf = &app_;
    while (!leaf->get_subcommands().empty()) {
        leaf = leaf->get_subcommands().front();
        path.push_back(leaf->get_name());
        const auto* outer = sections.back();
        sections.push_back(outer == nullptr ? nullptr : outer->get_as<toml::table>(path.back()));
    }
    std::vector<CLI::ConfigItem> found;
    for (auto section = sections.rbegin(); section != sections.rend(); ++section) {
        if (*section != nullptr) take(**section, *leaf, path, found);
    }
    return found;
}

}  // namespace hw
