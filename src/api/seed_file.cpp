// SPDX-License-Identifier: Apache-2.0
#include "api/seed_file.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "api/exact_json.hpp"
#include "api/link_body.hpp"
#include "api/seed_fields.hpp"
#include "api/seed_program.hpp"
#include "base/civil_time.hpp"
#include "base/limits.hpp"
#include "base/utf8.hpp"
#include "core/link_targets.hpp"
#include "core/payment_provider.hpp"

namespace hw {
namespace {

Result<SeedKey> read_key(const SeedFields& fields) {
    HW_CHECK(fields.only({"key", "scopes", "name"}));
    SeedKey key;
    key.secret = HW_TRY(fields.required("key"));
    key.name = HW_TRY(fields.text("name"));
    const auto* scopes = fields.object().if_contains("scopes");
    if (scopes != nullptr && scopes->is_array()) {
        key.scopes = fmt::format("{}", fmt::join(HW_TRY(fields.texts("scopes")), " "));
        if (key.scopes.empty())
            return refuse_seed(fields.path() + ".scopes", "name at least one scope");
    } else {
        key.scopes = HW_TRY(fields.text("scopes"));
    }
    return key;
}

Result<SeedIngestToken> read_ingest_token(const SeedFields& fields) {
    HW_CHECK(fields.only({"token", "kind", "name"}));
    SeedIngestToken token;
    token.token = HW_TRY(fields.required("token"));
    token.kind = HW_TRY(fields.required("kind"));
    token.name = HW_TRY(fields.text("name"));
    return token;
}

Result<Domain> read_domain(const json::value& value, const std::string& path) {
    Domain domain;
    if (value.is_string()) {
        domain.slug = value.get_string();
        return domain;
    }
    if (!value.is_object()) return refuse_seed(path, "expected an object or a host name");
    const SeedFields fields(value.get_object(), value.get_object(), path);
    domain.slug = HW_TRY(fields.required("slug"));
    domain.domain_id = HW_TRY(fields.text("id"));
    domain.primary = HW_TRY(fields.flag("primary"));
    domain.created_at_ms = HW_TRY(fields.time("createdAt")).value_or(0);
    return domain;
}

Result<std::vector<Domain>> read_domains(const SeedFields& workspace) {
    std::vector<Domain> domains;
    const auto* items = HW_TRY(workspace.array("domains"));
    if (items == nullptr) return domains;
    for (std::size_t i = 0; i < items->size(); ++i) {
        const auto path = fmt::format("{}.domains[{}]", workspace.path(), i);
        domains.push_back(HW_TRY(read_domain((*items)[i], path)));
    }
    return domains;
}

// The fields that are written as in the bodies of the API.
Result<LinkFields> read_shared_fields(const SeedFields& fields) {
    json::object shared;
    for (const auto* name : {"ios", "android", "geo", "testVariants", "testStartedAt",
                             "testCompletedAt", "tagIds", "tagNames"}) {
        if (fields.has(name)) shared[name] = fields.object().at(name);
    }
    auto read = HW_TRY(within_seed(fields.path(), read_link_fields(shared)));
    if (read.tag_ids || read.tag_names) return read;
    // As the API answers them: whole tags.
    const auto names =
        HW_TRY(fields.each("tags", [](const SeedFields& tag) { return tag.required("name"); }));
    if (!names.empty()) read.tag_names = names;
    return read;
}

Result<Link> read_link(const SeedFields& fields) {
    Link link;
    link.link_id = HW_TRY(fields.text("id"));
    link.domain = HW_TRY(fields.text("domain"));
    link.key = HW_TRY(fields.text("key"));
    link.url = HW_TRY(fields.required("url"));
    link.external_id = HW_TRY(fields.optional("externalId"));
    link.tenant_id = HW_TRY(fields.optional("tenantId"));
    link.program_id = HW_TRY(fields.optional("programId"));
    link.partner_id = HW_TRY(fields.optional("partnerId"));
    link.track_conversion = HW_TRY(fields.flag("trackConversion"));
    link.archived = HW_TRY(fields.flag("archived"));
    link.disabled_at_ms = HW_TRY(fields.time("disabledAt"));
    link.expires_at_ms = HW_TRY(fields.time("expiresAt"));
    link.expired_url = HW_TRY(fields.optional("expiredUrl"));
    link.title = HW_TRY(fields.optional("title"));
    link.description = HW_TRY(fields.optional("description"));
    link.image = HW_TRY(fields.optional("image"));
    link.video = HW_TRY(fields.optional("video"));
    link.comments = HW_TRY(fields.optional("comments"));
    link.password = HW_TRY(fields.optional("password"));
    link.folder_id = HW_TRY(fields.optional("folderId"));
    link.proxy = HW_TRY(fields.flag("proxy"));
    link.rewrite = HW_TRY(fields.flag("rewrite"));
    link.public_stats = HW_TRY(fields.flag("publicStats"));
    link.do_index = HW_TRY(fields.flag("doIndex"));
    link.created_at_ms = HW_TRY(fields.time("createdAt")).value_or(0);
    const auto shared = HW_TRY(read_shared_fields(fields));
    for (const auto& put : {put_targets(shared, link), check_test(link)}) {
        if (!put) return refuse_seed(fields.path(), put.error().message);
    }
    return link;
}

Result<Tag> read_tag(const SeedFields& fields) {
    HW_CHECK(fields.only({"id", "name", "color", "createdAt"}));
    Tag tag;
    tag.tag_id = HW_TRY(fields.text("id"));
    tag.name = HW_TRY(fields.required("name"));
    tag.color = HW_TRY(fields.text("color"));
    tag.created_at_ms = HW_TRY(fields.time("createdAt")).value_or(0);
    return tag;
}

Result<Folder> read_folder(const SeedFields& fields) {
    Folder folder;
    folder.folder_id = HW_TRY(fields.text("id"));
    folder.name = HW_TRY(fields.required("name"));
    folder.description = HW_TRY(fields.optional("description"));
    folder.access_level = HW_TRY(fields.optional("accessLevel"));
    folder.created_at_ms = HW_TRY(fields.time("createdAt")).value_or(0);
    return folder;
}

Result<Customer> read_customer(const SeedFields& fields) {
    Customer customer;
    customer.customer_id = HW_TRY(fields.text("id"));
    customer.external_id = HW_TRY(fields.required("externalId"));
    customer.name = HW_TRY(fields.text("name"));
    customer.email = HW_TRY(fields.optional("email"));
    customer.avatar = HW_TRY(fields.optional("avatar"));
    customer.country = HW_TRY(fields.optional("country"));
    customer.touch_id = HW_TRY(fields.optional("clickId"));
    customer.link_id = HW_TRY(fields.optional("linkId"));
    customer.created_at_ms = HW_TRY(fields.time("createdAt")).value_or(0);
    return customer;
}

Result<Webhook> read_webhook(const SeedFields& fields) {
    HW_CHECK(fields.only({"id", "name", "url", "events", "secret", "createdAt"}));
    Webhook webhook;
    webhook.webhook_id = HW_TRY(fields.text("id"));
    webhook.name = HW_TRY(fields.text("name"));
    webhook.url = HW_TRY(fields.required("url"));
    webhook.events = HW_TRY(fields.texts("events"));
    webhook.secret = HW_TRY(fields.text("secret"));
    webhook.created_at_ms = HW_TRY(fields.time("createdAt")).value_or(0);
    return webhook;
}

Result<NewPaymentConnection> read_connection(const SeedFields& fields) {
    HW_CHECK(fields.only({"id", "provider", "mode", "secrets"}));
    NewPaymentConnection connection;
    connection.connection_id = HW_TRY(fields.required("id"));
    connection.provider = HW_TRY(fields.required("provider"));
    if (fields.has("mode")) connection.mode = HW_TRY(fields.required("mode"));
    connection.secrets = HW_TRY(fields.texts("secrets"));
    if (std::ranges::find(kPaymentProviderNames, connection.provider) !=
        kPaymentProviderNames.end()) {
        return connection;
    }
    return refuse_seed(fields.path() + ".provider",
                       fmt::format("received '{}'; expected '{}'", connection.provider,
                                   fmt::join(kPaymentProviderNames, "', '")));
}

Result<SeedWorkspace> read_workspace(const SeedFields& fields) {
    HW_CHECK(fields.only({"id",
                          "slug",
                          "name",
                          "currency",
                          "publishableKey",
                          "allowedHostnames",
                          "createdAt",
                          "apiKeys",
                          "domains",
                          "tags",
                          "folders",
                          "links",
                          "customers",
                          "programs",
                          "groups",
                          "rewards",
                          "discounts",
                          "partners",
                          "commissions",
                          "payouts",
                          "webhooks",
                          "paymentConnections",
                          "ingestTokens"}));
    SeedWorkspace seed;
    seed.path = fields.path();
    seed.workspace.workspace_id = HW_TRY(fields.text("id"));
    seed.workspace.slug = HW_TRY(fields.required("slug"));
    seed.workspace.name = HW_TRY(fields.text("name"));
    if (fields.has("currency")) seed.workspace.currency = HW_TRY(fields.required("currency"));
    seed.workspace.publishable_key = HW_TRY(fields.optional("publishableKey"));
    seed.workspace.allowed_hostnames = HW_TRY(fields.texts("allowedHostnames"));
    seed.workspace.created_at_ms = HW_TRY(fields.time("createdAt")).value_or(0);
    seed.api_keys = HW_TRY(fields.each("apiKeys", read_key));
    seed.ingest_tokens = HW_TRY(fields.each("ingestTokens", read_ingest_token));
    seed.domains = HW_TRY(read_domains(fields));
    seed.tags = HW_TRY(fields.each("tags", read_tag));
    seed.folders = HW_TRY(fields.each("folders", read_folder));
    seed.links = HW_TRY(fields.each("links", read_link));
    seed.link_tags = HW_TRY(fields.each("links", read_shared_fields));
    seed.customers = HW_TRY(fields.each("customers", read_customer));
    seed.webhooks = HW_TRY(fields.each("webhooks", read_webhook));
    seed.payment_connections = HW_TRY(fields.each("paymentConnections", read_connection));
    seed.programme = HW_TRY(read_seed_programme(fields));
    return seed;
}

Result<StoredRate> read_rate(const SeedFields& fields) {
    HW_CHECK(fields.only({"date", "base", "quote", "rate", "source"}));
    StoredRate rate;
    rate.date = HW_TRY(fields.required("date"));
    rate.base = HW_TRY(fields.required("base"));
    rate.quote = HW_TRY(fields.required("quote"));
    rate.rate = HW_TRY(fields.required("rate"));
    rate.source = HW_TRY(fields.text("source"));
    return rate;
}

// "line 3, column 14" of the byte at `at`.
std::string line_and_column(std::string_view text, std::size_t at) {
    const auto before = text.substr(0, std::min(at, text.size()));
    const auto line = 1 + std::ranges::count(before, '\n');
    const auto start = before.rfind('\n');
    const auto column = before.size() - (start == before.npos ? 0 : start + 1) + 1;
    return fmt::format("line {}, column {}", line, column);
}

Result<json::object> parse_file(std::string_view text) {
    if (!is_valid_utf8(text)) return refuse_seed("", "the file is not UTF-8 text");
    json::parse_options options;
    options.max_depth = limits::kJsonDepthMax;
    json::parser parser({}, options);
    boost::system::error_code failed;
    const auto read = parser.write_some(text.data(), text.size(), failed);
    if (failed || read < text.size()) {
        return refuse_seed("", fmt::format("no valid JSON at {}: {}", line_and_column(text, read),
                                           failed ? failed.message() : "unexpected text"));
    }
    auto value = parser.release();
    if (!value.is_object()) return refuse_seed("", "expected an object with \"workspaces\"");
    return std::move(value.get_object());
}

}  // namespace

Result<SeedWorld> read_seed_file(std::string_view text) {
    const auto object = HW_TRY(parse_file(text));
    const auto exact = parse_exact_value(text);
    const SeedFields fields(object, exact.get_object(), "");
    HW_CHECK(fields.only({"workspaces", "fxRates"}));
    SeedWorld world;
    world.workspaces = HW_TRY(fields.each("workspaces", read_workspace));
    world.fx_rates = HW_TRY(fields.each("fxRates", read_rate));
    return world;
}

}  // namespace hw
