// SPDX-License-Identifier: Apache-2.0
#include "core/setup.hpp"

#include <fmt/format.h>

#include "api/api.hpp"
#include "api/error_json.hpp"
#include "api/html.hpp"
#include "api/setup.hpp"
#include "base/percent.hpp"
#include "base/utf8.hpp"
#include "core/create_domain.hpp"

namespace hw::api {
namespace {

std::string token_of(const Request& request) {
    return percent_decode(request.path.substr(request.path.rfind('/') + 1));
}

std::string field(std::string_view name, std::string_view label, std::string_view value,
                  std::string_view attributes, std::string_view hint) {
    return fmt::format(
        "<label for=\"{0}\">{1}</label>\n<input id=\"{0}\" name=\"{0}\" value=\"{2}\" {3}>\n"
        "<small>{4}</small>\n",
        name, label, html_escaped(value), attributes, hint);
}

// The form with what was typed before; `refusal` says what was wrong with it.
std::string form(const CreateWorkspace& input, std::string_view refusal) {
    std::string out;
    if (!refusal.empty()) {
        out += fmt::format("<p class=\"refusal\" role=\"alert\">{}</p>\n", html_escaped(refusal));
    }
    out +=
        "<p>This makes a workspace and its API keys. The link works once.</p>\n"
        "<form method=\"post\">\n";
    out += field("name", "Workspace name", input.name, "required maxlength=\"100\"",
                 "What people see.");
    out += field("slug", "Slug", input.slug,
                 "required maxlength=\"48\" pattern=\"[a-z0-9]([a-z0-9\\-]*[a-z0-9])?\"",
                 "Short name: lower-case letters, digits and hyphens.");
    out += field("currency", "Reporting currency", input.currency,
                 "required minlength=\"3\" maxlength=\"3\"",
                 "ISO 4217, for example usd. Sales in other currencies are converted to it.");
    out += field("domain", "Short-link domain", input.domain, "maxlength=\"190\"",
                 "Host name of your short links, for example go.example.com. May be left empty "
                 "and added later.");
    return out + "<button type=\"submit\">Create workspace</button>\n</form>\n";
}

CreateWorkspace read_form(std::string_view body) {
    CreateWorkspace input;
    const auto read = [&](std::string_view name) {
        return valid_utf8(form_decode(find_parameter(body, name).value_or("")));
    };
    input.name = read("name");
    input.slug = read("slug");
    input.currency = read("currency");
    input.domain = read("domain");
    return input;
}

std::string keys_text(const CompletedSetup& made) {
    auto out = fmt::format(
        "<p>The workspace <strong>{}</strong> is ready. <strong>Copy the secret key now: it is "
        "shown this once.</strong></p>\n<dl>\n<dt>Secret key</dt><dd><code "
        "id=\"secret-key\">{}</code></dd>\n<dt>Publishable key</dt><dd><code "
        "id=\"publishable-key\">{}</code></dd>\n<dt>Workspace id</dt><dd><code>{}</code></dd>\n",
        html_escaped(made.workspace.name), html_escaped(made.secret_key),
        html_escaped(made.workspace.publishable_key.value_or("")),
        html_escaped(made.workspace.workspace_id));
    if (made.domain) {
        out += fmt::format("<dt>Domain</dt><dd><code>{}</code></dd>\n",
                           html_escaped(made.domain->slug));
    }
    return out +
           "</dl>\n<p>The secret key is for servers: send it as <code>Authorization: Bearer "
           "...</code>. The publishable key is for browsers.</p>\n";
}

Response refusal_page(const Error& error, Env& env) {
    const auto title = error.code == ErrorCode::Gone ? "Setup link not valid" : "Setup failed";
    return html_page(http_status(error.code), title,
                     fmt::format("<p class=\"refusal\">{}</p>\n", html_escaped(error.message)),
                     env);
}

bool can_be_corrected(const Error& error) {
    return error.code == ErrorCode::UnprocessableEntity || error.code == ErrorCode::Conflict;
}

constexpr std::string_view kTitle = "Set up Headwater";

}  // namespace

void show_setup(Api& api, const Request& request, Reply reply) {
    CreateWorkspace proposal;
    proposal.domain = normalize_domain(request.host).value_or("");
    api.db().read<CreateWorkspace>(
        std::string(kOperator),
        [token = token_of(request), proposal](Tx& tx) -> Result<CreateWorkspace> {
            HW_CHECK(check_setup_token(tx, token));
            return proposal;
        },
        [&api, reply = std::move(reply)](Result<CreateWorkspace> open) mutable {
            if (!open) return reply(refusal_page(open.error(), api.env()));
            reply(html_page(200, kTitle, form(*open, {}), api.env()));
        });
}

void complete_setup(Api& api, const Request& request, Reply reply) {
    const auto input = read_form(request.body);
    api.db().write<CompletedSetup>(
        std::string(kOperator),
        [token = token_of(request), input](Tx& tx) { return hw::complete_setup(tx, token, input); },
        [&api, input, reply = std::move(reply)](Result<CompletedSetup> made) mutable {
            if (made) return reply(html_page(200, "Your keys", keys_text(*made), api.env()));
            const auto& error = made.error();
            if (!can_be_corrected(error)) return reply(refusal_page(error, api.env()));
            reply(
                html_page(http_status(error.code), kTitle, form(input, error.message), api.env()));
        });
}

}  // namespace hw::api
