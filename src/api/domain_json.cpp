// SPDX-License-Identifier: Apache-2.0
#include "api/domain_json.hpp"

#include "base/limits.hpp"

namespace hw {
namespace {

// Null clears the field, and so does an empty text.
Result<Patch<std::string>> read_patch(const json::object& body, std::string_view name,
                                      std::size_t max_characters) {
    if (!body.contains(name)) return Patch<std::string>{};
    auto text = HW_TRY(optional_text(body, name, {.max_characters = max_characters}));
    if (text && text->empty()) text.reset();
    return Patch<std::string>(std::in_place, std::move(text));
}

// Devices ask for it as JSON, so it has to be some.
Result<Patch<std::string>> read_json_text(const json::object& body, std::string_view name) {
    auto text = HW_TRY(read_patch(body, name, limits::kAppAssociationCharactersMax));
    if (!text || !*text) return text;
    boost::system::error_code failed;
    json::parse(**text, failed);
    if (!failed) return text;
    return std::unexpected(invalid_field("custom", name, "Invalid JSON"));
}

}  // namespace

json::object domain_json(const Domain& domain) {
    const auto updated_at_ms =
        domain.updated_at_ms == 0 ? domain.created_at_ms : domain.updated_at_ms;
    json::object out{{"id", domain.domain_id},
                     {"slug", domain.slug},
                     {"verified", domain.verified},
                     {"primary", domain.primary},
                     {"archived", domain.archived},
                     {"placeholder", text_or_null(domain.placeholder)},
                     {"expiredUrl", text_or_null(domain.expired_url)},
                     {"notFoundUrl", text_or_null(domain.not_found_url)},
                     {"logo", text_or_null(domain.logo)},
                     {"assetLinks", text_or_null(domain.asset_links)},
                     {"appleAppSiteAssociation", text_or_null(domain.apple_app_site_association)},
                     {"createdAt", time_or_null(domain.created_at_ms)},
                     {"updatedAt", time_or_null(updated_at_ms)},
                     {"registeredDomain", nullptr}};
    return out;
}

Result<DomainFields> read_domain_fields(const json::object& body) {
    constexpr auto kUrlMax = limits::kDestinationUrlCharactersMax;
    DomainFields fields;
    fields.archived = HW_TRY(optional_bool(body, "archived"));
    fields.placeholder = HW_TRY(read_patch(body, "placeholder", limits::kDomainTextCharactersMax));
    fields.expired_url = HW_TRY(read_patch(body, "expiredUrl", kUrlMax));
    fields.not_found_url = HW_TRY(read_patch(body, "notFoundUrl", kUrlMax));
    fields.logo = HW_TRY(read_patch(body, "logo", kUrlMax));
    fields.asset_links = HW_TRY(read_json_text(body, "assetLinks"));
    fields.apple_app_site_association = HW_TRY(read_json_text(body, "appleAppSiteAssociation"));
    return fields;
}

}  // namespace hw
