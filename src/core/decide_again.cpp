// SPDX-License-Identifier: Apache-2.0
#include "core/decide_again.hpp"

#include <fmt/format.h>

#include <map>
#include <set>

#include "base/limits.hpp"
#include "core/decide_conversion.hpp"
#include "store/jobs.hpp"

namespace hw {
namespace {

// Of no sale's own words: all the names that a visitor goes by.
constexpr std::string_view kFingerprint = "fingerprint";

std::int64_t decide_after(Tx& tx, const Evidence& evidence, std::string_view after_id) {
    constexpr auto kAtOnce = limits::kDecidedAgainAtOnce;
    const auto ids = evidence.kind == kFingerprint
                         ? conversions_of_visitor(tx, evidence.value, after_id, kAtOnce)
                         : conversions_with_evidence(tx, evidence, after_id, kAtOnce);
    std::int64_t changed = 0;
    for (const auto& id : ids) {
        if (decide_conversion(tx, {.conversion_id = id}).changed) ++changed;
    }
    if (std::ssize(ids) == kAtOnce) {
        insert_job(tx, {.kind = std::string(kDecideAgainJob),
                        .subject_id = evidence.value,
                        .payload = fmt::format("{} {}", evidence.kind, ids.back())});
    }
    return changed;
}

}  // namespace

std::int64_t decide_again(Tx& tx, const Evidence& evidence) {
    return decide_after(tx, evidence, "");
}

void decide_again_for(Tx& tx, std::span<const Identity> seen_first) {
    std::map<std::string, std::set<std::string>> by_workspace;
    for (const auto& seen : seen_first) by_workspace[seen.workspace_id].insert(seen.fingerprint);
    for (const auto& [workspace_id, fingerprints] : by_workspace) {
        Tx mine(tx, workspace_id);
        const std::vector<std::string> all(fingerprints.begin(), fingerprints.end());
        for (auto& buyer : visitors_with_conversions(mine, all)) {
            decide_after(mine, {std::string(kFingerprint), std::move(buyer)}, "");
        }
    }
}

void go_on_deciding(Tx& tx, std::string_view value, std::string_view payload) {
    const auto space = payload.find(' ');
    decide_after(tx, {std::string(payload.substr(0, space)), std::string(value)},
                 payload.substr(space + 1));
}

}  // namespace hw
