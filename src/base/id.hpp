// SPDX-License-Identifier: Apache-2.0
// Identifiers that sort by time (reference: Dub's public ids), so inserts append to the B-tree and
// lists order by id. Ids are opaque to everyone else.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/env.hpp"

namespace hw {

// prefix + 26 Crockford base-32 characters: 48 bits of milliseconds, 80 random bits.
std::string new_id(std::string_view prefix, std::int64_t at_ms, Env& env);

// The id of that time which a digest (SHA-256 in hex) gives: the same for the same.
std::string derived_id(std::string_view prefix, std::int64_t at_ms, std::string_view digest_hex);

// The smallest id that new_id can give at `at_ms`: a lower bound for range scans.
std::string first_id(std::string_view prefix, std::int64_t at_ms);

// 16 characters of [0-9A-Za-z]: 44 bits of milliseconds, 50 random bits. For clicks and events.
std::string new_click_id(std::int64_t at_ms, Env& env);

// The smallest click id that new_click_id can give at `at_ms`: a lower bound for range scans.
std::string first_click_id(std::int64_t at_ms);

bool is_click_id(std::string_view text);

// When the id was made. Only for text that is_click_id accepts.
std::int64_t click_id_time_ms(std::string_view click_id);

// When the id of an event was made: a click's, or one with a prefix of new_id. Nothing for other
// text.
std::optional<std::int64_t> event_id_time_ms(std::string_view id);

// `length` characters of [0-9A-Za-z], for short-link keys and secrets.
std::string random_text(std::size_t length, Env& env);

}  // namespace hw
