// SPDX-License-Identifier: Apache-2.0
#include "core/link_fields.hpp"

#include <algorithm>

#include "base/ascii.hpp"
#include "base/limits.hpp"
#include "base/link_key.hpp"
#include "base/punycode.hpp"
#include "base/url.hpp"
#include "base/url_parameters.hpp"
#include "base/utf8.hpp"
#include "core/link_targets.hpp"
#include "store/workspaces.hpp"

namespace hw {
namespace {

constexpr std::string_view kExternalIdPrefix = "ext_";

template <class T>
void put(const Patch<T>& patch, std::optional<T>& field) {
    if (patch) field = *patch;
}

// At most that many UTF-16 code units, without half a character at the end.
std::string cut(std::string text, std::size_t characters_max) {
    if (utf16_length(text) <= characters_max) return text;
    std::u32string kept;
    std::size_t length = 0;
    for (const auto c : code_points(text)) {
        length += c > 0xFFFF ? 2 : 1;
        if (length > characters_max) break;
        kept += c;
    }
    return utf8_of(kept);
}

std::optional<std::string> cut(const std::optional<std::string>& text, std::size_t max) {
    return text ? std::optional(cut(*text, max)) : std::nullopt;
}

Result<void> put_destination(const LinkFields& fields, Link& link) {
    if (fields.url) link.url = HW_TRY(normalize_destination(*fields.url));
    for (const auto& parameter : fields.url_parameters) {
        link.url = parameter.value ? with_url_parameter(link.url, parameter.name, *parameter.value)
                                   : without_url_parameter(link.url, parameter.name);
    }
    if (!fields.url_parameters.empty()) link.url = HW_TRY(normalize_destination(link.url));
    return {};
}

Result<void> put_external_id(const LinkFields& fields, Link& link) {
    if (!fields.external_id) return {};
    link.external_id = *fields.external_id;
    if (!link.external_id) return {};
    if (link.external_id->starts_with(kExternalIdPrefix)) {
        link.external_id->erase(0, kExternalIdPrefix.size());
    }
    if (!link.external_id->empty()) return {};
    return fail(ErrorCode::UnprocessableEntity,
                "Invalid externalId: there is nothing after the prefix 'ext_'.",
                "invalid_external_id");
}

// Pictures and films are stored where they are, so only an address will do.
Result<void> put_media(const Patch<std::string>& patch, const char* refusal,
                       std::optional<std::string>& field) {
    if (!patch) return {};
    field.reset();
    if (!*patch) return {};
    auto url = normalize_destination(**patch);
    if (!url || !url->starts_with("http")) {
        return fail(ErrorCode::UnprocessableEntity, refusal, "invalid_media");
    }
    field = std::move(*url);
    return {};
}

}  // namespace

Result<void> apply_fields(const LinkFields& fields, Link& link) {
    HW_CHECK(put_destination(fields, link));
    HW_CHECK(put_external_id(fields, link));
    HW_CHECK(put_expiration(fields, link));
    HW_CHECK(put_media(fields.image,
                       "Invalid image: give the URL of a picture, beginning with https://.",
                       link.image));
    HW_CHECK(put_media(fields.video,
                       "Invalid video: give the URL of a film, beginning with https://.",
                       link.video));
    HW_CHECK(put_targets(fields, link));
    put(fields.tenant_id, link.tenant_id);
    put(fields.program_id, link.program_id);
    put(fields.partner_id, link.partner_id);
    put(fields.comments, link.comments);
    put(fields.password, link.password);
    if (fields.title) link.title = cut(*fields.title, limits::kTitleCharactersMax);
    if (fields.description) {
        link.description = cut(*fields.description, limits::kDescriptionCharactersMax);
    }
    link.track_conversion = fields.track_conversion.value_or(link.track_conversion);
    link.archived = fields.archived.value_or(link.archived);
    link.do_index = fields.do_index.value_or(link.do_index);
    link.proxy = fields.proxy.value_or(link.proxy);
    link.rewrite = fields.rewrite.value_or(link.rewrite);
    link.public_stats = fields.public_stats.value_or(link.public_stats);
    return check_test(link);
}

Result<std::string> choose_domain(Tx& tx, const std::optional<std::string>& domain) {
    const auto domains = list_domains(tx, tx.workspace_id());
    if (domain) {
        auto wanted = ascii_lower(*domain);
        if (std::ranges::find(domains, wanted, &Domain::slug) != domains.end()) return wanted;
        return fail(ErrorCode::Forbidden, "Domain does not belong to workspace.", "foreign_domain");
    }
    if (!domains.empty()) return domains.front().slug;
    return fail(ErrorCode::Forbidden,
                "Domain does not belong to workspace. This workspace has no domain at all: add "
                "one first.",
                "no_domain");
}

Result<void> set_key(Link& link, std::string_view key, const KeyReserved& reserved) {
    link.key = HW_TRY(normalize_key(key));
    link.key_folded = fold_key(link.key);
    if (!reserved || !reserved(link.domain, link.key_folded)) return {};
    return fail(ErrorCode::Forbidden,
                "The key '" + display_key(link.key) +
                    "' is reserved: on this host the paths that begin with it belong to the API. "
                    "Choose another key or another domain.",
                "reserved_key");
}

Error clash_error(LinkClash clash, const Link& link) {
    if (clash == LinkClash::ExternalId) {
        return {ErrorCode::Conflict,
                "A link with the externalId '" + link.external_id.value_or("") +
                    "' already exists in this workspace.",
                "duplicate_external_id"};
    }
    return {ErrorCode::Conflict, "Duplicate key: This short link already exists.", "duplicate_key"};
}

Error link_not_found() {
    return {ErrorCode::NotFound, "Link not found.", "link_not_found"};
}

}  // namespace hw
