// SPDX-License-Identifier: Apache-2.0
#include "base/user_agent_rules.hpp"

#include <re2/re2.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>

#include "base/fault.hpp"

namespace hw {
namespace {

// Literals shorter than this are in nearly every user agent, so they would
// filter nothing.
constexpr int kAtomLengthMin = 3;

// A regex keeps the states of its automaton that texts have led to. Most need a
// few kilobytes; the cap holds senders who try to make them many. The few lists
// of hundreds of names need more: without it RE2 falls back to a machine twenty
// times slower.
constexpr std::int64_t kRegexMemoryMax = std::int64_t{64} * 1024;
constexpr std::int64_t kLongRegexMemoryMax = std::int64_t{2} * 1024 * 1024;
constexpr std::size_t kLongRegex = 1'500;

constexpr std::size_t kGroupsMax = 9;  // "$1" to "$9"

// uap-core writes ".{0,200}" for ".*" to protect engines that backtrack. RE2
// does not, and unrolls every repetition: as "*" the rules compile three times
// as fast into a fifth of the memory.
std::string without_long_repetitions(std::string regex) {
    static const RE2 from_none(R"(\{0,(?:[3-9]\d|\d{3})\})");
    static const RE2 from_one(R"(\{1,(?:[3-9]\d|\d{3})\})");
    RE2::GlobalReplace(&regex, from_none, "*");
    RE2::GlobalReplace(&regex, from_one, "+");
    return regex;
}

RE2::Options options(std::string_view regex, bool ignore_case) {
    RE2::Options options;
    // Bytes are enough: they take any header, and the programs are smaller than
    // those for UTF-8.
    options.set_encoding(RE2::Options::EncodingLatin1);
    options.set_case_sensitive(!ignore_case);
    options.set_log_errors(false);
    options.set_max_mem(regex.size() < kLongRegex ? kRegexMemoryMax : kLongRegexMemoryMax);
    return options;
}

std::string_view trimmed(std::string_view text) {
    while (text.starts_with(' ')) text.remove_prefix(1);
    while (text.ends_with(' ')) text.remove_suffix(1);
    return text;
}

using Groups = std::array<re2::StringPiece, kGroupsMax + 1>;

std::string filled(std::string_view pattern, const Groups& groups) {
    std::string out;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        const bool group = pattern[i] == '$' && i + 1 < pattern.size() && pattern[i + 1] >= '1' &&
                           pattern[i + 1] <= '9';
        if (group) {
            ++i;
            const auto& text = groups[static_cast<std::size_t>(pattern[i] - '0')];
            out.append(text.data() == nullptr ? "" : text.data(), text.size());
        } else {
            out += pattern[i];
        }
    }
    return std::string(trimmed(out));
}

}  // namespace

UserAgentRules::UserAgentRules(const YAML::Node& rules, const Layout& layout)
    : regexes_(kAtomLengthMin) {
    for (const auto& rule : rules) {
        const bool ignore_case = rule["regex_flag"].as<std::string>("") == "i";
        const auto regex = without_long_repetitions(rule["regex"].as<std::string>());
        int index = 0;
        if (regexes_.Add(regex, options(regex, ignore_case), &index) != RE2::NoError) {
            ++skipped_;
            continue;
        }
        HW_ASSERT(static_cast<std::size_t>(index) == templates_.size());
        Fields fields;
        for (std::size_t i = 0; i < kFields; ++i) {
            fields[i] = rule[layout[i].key].as<std::string>(layout[i].otherwise);
        }
        templates_.push_back(std::move(fields));
    }
    std::vector<std::string> atoms;
    if (!templates_.empty()) regexes_.Compile(&atoms);
    atoms_ = std::make_unique<LiteralSet>(atoms);
}

std::optional<UserAgentRules::Fields> UserAgentRules::first_match(std::string_view text,
                                                                  std::string_view lower) const {
    if (templates_.empty()) return std::nullopt;
    const re2::StringPiece piece(text.data(), text.size());
    const int index = regexes_.FirstMatch(piece, atoms_->find_all(lower));
    if (index < 0) return std::nullopt;
    const auto& regex = regexes_.GetRE2(index);
    Groups groups;
    const auto count =
        std::min(static_cast<std::size_t>(regex.NumberOfCapturingGroups()), kGroupsMax);
    regex.Match(piece, 0, piece.size(), RE2::UNANCHORED, groups.data(),
                static_cast<int>(count) + 1);
    Fields fields;
    const auto& templates = templates_[static_cast<std::size_t>(index)];
    for (std::size_t i = 0; i < kFields; ++i) fields[i] = filled(templates[i], groups);
    return fields;
}

}  // namespace hw
