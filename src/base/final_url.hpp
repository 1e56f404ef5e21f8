// SPDX-License-Identifier: Apache-2.0
// The URL that a redirect sends the visitor to. Runs once per click, so it only scans.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace hw {

// Targets with parameters of their own: two that measure app installs, and Google's store.
enum class TargetKind : std::uint8_t { Plain, AppsFlyer, Singular, PlayStore };

TargetKind target_kind(std::string_view target);

// Whether links to it pass the click id on whatever their owner said: these targets need it.
inline bool wants_click_id(TargetKind kind) {
    return kind == TargetKind::AppsFlyer || kind == TargetKind::Singular;
}

struct FinalUrl {
    std::string_view target;         // as normalize_destination gave it
    std::string_view via_key{};      // a partner link's key; empty for other links
    std::string_view click_id{};     // empty when the link passes none on
    std::string_view visit_query{};  // raw, without the "?"
    bool no_track = false;           // the visitor opted out (dub-no-track)
    bool has_password = false;       // the visit's "pw" was for us

    // The rest is read for the kinds of target that need it.
    TargetKind kind = TargetKind::Plain;
    std::string_view key{};         // of the link
    std::string_view short_link{};  // PlayStore: its address
    std::string_view user_agent{};  // Singular
    std::string_view ip{};          // Singular
};

// The target with via=<key> and dub_id=<click id> set and the visit's parameters copied over,
// replacing those of the same name where they stand; new ones go to the end of the query, before
// the "#". A target that says dub_client_reference_id=1 gets client_reference_id=dub_id_<click id>
// in its place instead of dub_id. AppsFlyer, Singular and the Play Store get the parameters that
// they attribute installs by. What the server has set, no visit parameter replaces. A target
// that gets nothing, and one that is no hierarchical URL (mailto:), comes back byte for byte.
std::string final_url(const FinalUrl& input);

}  // namespace hw
