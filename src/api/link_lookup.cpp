// SPDX-License-Identifier: Apache-2.0
#include "api/link_lookup.hpp"

#include "api/api.hpp"
#include "base/limits.hpp"
#include "base/utf8.hpp"

namespace hw {
namespace {

// What no stored key or domain can be need not be asked for. (Keys are stored as punycode.)
constexpr std::size_t kNameBytesMax = 4 * limits::kKeyCharactersMax;

bool can_be_stored(std::string_view text) {
    return text.size() <= kNameBytesMax && is_valid_utf8(text) && !text.contains('\0');
}

}  // namespace

void look_up_link(Api& api, std::string domain, std::string key_folded, FoundLink found) {
    if (!can_be_stored(domain) || !can_be_stored(key_folded)) return found(nullptr);
    const auto name = domain + "/" + key_folded;
    auto cached = api.caches().links.get(name);
    if (cached.hit) return found(std::move(cached.value));
    api.db().read<std::optional<Link>>(
        std::string(kOperator),
        [domain = std::move(domain), key_folded = std::move(key_folded)](
            Tx& tx) -> Result<std::optional<Link>> { return resolve_link(tx, domain, key_folded); },
        [&api, name, stamp = cached.stamp,
         found = std::move(found)](Result<std::optional<Link>> read) mutable {
            if (!read) return found(std::unexpected(std::move(read.error())));
            const auto link = *read ? prepare_link(std::move(**read)) : nullptr;
            api.caches().links.put(name, link, link ? bytes_of(*link) : 0, stamp);
            found(link);
        });
}

}  // namespace hw
