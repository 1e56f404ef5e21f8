// SPDX-License-Identifier: Apache-2.0
#include "api/redirect_pages.hpp"

#include <fmt/format.h>

#include "api/html.hpp"
#include "api/track_body.hpp"

namespace hw {
namespace {

constexpr std::string_view kNotFoundPage =
    "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Link not found</title>"
    "<p>This link does not exist or is no longer active.</p></html>";
constexpr std::string_view kExpiredPage =
    "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Link expired</title>"
    "<p>This link has expired.</p></html>";

constexpr std::string_view kAssetLinks = "/.well-known/assetlinks.json";
constexpr std::string_view kAppleAssociation = "/.well-known/apple-app-site-association";

// Scanners make many of these, so they cost nothing to make.
Response plain_page(int status, std::string_view html) {
    return {.status = status,
            .body = std::string(html),
            .content_type = "text/html; charset=utf-8",
            .headers = {{"X-Robots-Tag", "noindex"}, {"Cache-Control", "no-store"}}};
}

void add_meta(std::string& head, std::string_view name, const std::optional<std::string>& value) {
    if (!value || value->empty()) return;
    head += fmt::format("<meta property=\"{}\" content=\"{}\">", name, html_escaped(*value));
}

std::string title_of(const Link& link) {
    return link.title.value_or(link.domain);
}

}  // namespace

Response not_found_page() {
    return plain_page(404, kNotFoundPage);
}
Response expired_page() {
    return plain_page(410, kExpiredPage);
}
Response method_page() {
    return plain_page(405, kNotFoundPage);
}

Response inspect_page(const Link& link, Env& env) {
    const auto url = html_escaped(link.url);
    auto body = fmt::format("<p>The short link <code>{}</code> leads to</p>\n",
                            html_escaped(short_link(link)));
    body += link.url.empty()
                ? "<p>no destination.</p>\n"
                : fmt::format(
                      "<p><a href=\"{0}\" rel=\"nofollow noopener noreferrer\"><code>{0}"
                      "</code></a></p>\n",
                      url);
    if (link.title) body += fmt::format("<p>{}</p>\n", html_escaped(*link.title));
    return html_page(200, "Link preview", body, env, {.policy = {}});
}

Response password_page(bool refused, Env& env) {
    std::string body;
    if (refused) body = "<p class=\"refusal\" role=\"alert\">This password is not right.</p>\n";
    body +=
        "<form method=\"post\"><label for=\"pw\">Password</label>\n<input id=\"pw\" name=\"pw\" "
        "type=\"password\" required autofocus autocomplete=\"current-password\">\n"
        "<button type=\"submit\">Continue</button></form>\n";
    // No form-action: browsers would hold it against the redirect to the destination as well.
    return html_page(refused ? 403 : 200, "Password required", body, env, {.policy = {}});
}

Response placeholder_page(const Domain& domain, Env& env) {
    return html_page(200, domain.slug,
                     fmt::format("<p><strong>{}</strong> is a domain of short links.</p>\n",
                                 html_escaped(domain.slug)),
                     env, {.policy = {}});
}

Response preview_page(const Link& link, Env& env) {
    std::string head;
    add_meta(head, "og:title", title_of(link));
    add_meta(head, "og:description", link.description);
    add_meta(head, "og:image", link.image);
    add_meta(head, "og:video", link.video);
    add_meta(head, "og:url", short_link(link));
    head += fmt::format("<meta name=\"twitter:card\" content=\"{}\">",
                        link.image ? "summary_large_image" : "summary");
    const auto body = fmt::format("<p>{}</p>\n", html_escaped(link.description.value_or("")));
    return html_page(200, title_of(link), body, env, {.head = head, .policy = {}});
}

Response frame_page(const Link& link, std::string_view url, Env& env) {
    const auto body = fmt::format(
        "<iframe src=\"{}\" title=\"{}\" allow=\"fullscreen; clipboard-write\" "
        "referrerpolicy=\"no-referrer-when-downgrade\"></iframe>\n",
        html_escaped(url), html_escaped(title_of(link)));
    // By scheme, because what the frame holds may redirect within its site.
    const auto* policy =
        url.starts_with("https://") ? "frame-src https:" : "frame-src https: http:";
    return html_page(200, title_of(link), body, env, {.policy = policy});
}

Response open_app_page(std::string_view url, Env& env) {
    const auto escaped = html_escaped(url);
    return html_page(
        200, "Opening the app",
        fmt::format("<p><a href=\"{0}\">Continue to <code>{0}</code></a></p>\n", escaped), env,
        {.head = fmt::format("<meta http-equiv=\"refresh\" content=\"0;url={}\">", escaped),
         .policy = {}});
}

Response store_page(const Link& link, std::string_view query, Env& env) {
    const auto next = fmt::format("?{}{}skip_deeplink_preview=1", query, query.empty() ? "" : "&");
    return html_page(200, title_of(link),
                     fmt::format("<p>{}</p>\n<p><a href=\"{}\">Continue to the app</a></p>\n",
                                 html_escaped(link.description.value_or("")), html_escaped(next)),
                     env, {.policy = {}});
}

bool is_app_association_path(std::string_view path) {
    return path == kAssetLinks || path == kAppleAssociation ||
           path == kAppleAssociation.substr(kAppleAssociation.rfind('/'));
}

Response app_association(const Domain& domain, std::string_view path) {
    const auto& text = path == kAssetLinks ? domain.asset_links : domain.apple_app_site_association;
    if (!text) return not_found_page();
    return {.status = 200,
            .body = *text,
            .content_type = "application/json",
            .headers = {{"Cache-Control", "public, max-age=300"}}};
}

}  // namespace hw
