// SPDX-License-Identifier: Apache-2.0
#include "api/html.hpp"

#include <fmt/format.h>

#include "base/id.hpp"

namespace hw {
namespace {

constexpr std::size_t kNonceCharacters = 22;  // 128 bits

constexpr std::string_view kStyle =
    "body{font:16px/1.5 system-ui,sans-serif;max-width:40rem;margin:3rem auto;padding:0 1rem;"
    "color:#1a1a1a;background:#fff}label{display:block;margin:1rem 0 .25rem;font-weight:600}"
    "input{font:inherit;width:100%;box-sizing:border-box;padding:.5rem;border:1px solid #767676;"
    "border-radius:4px}button{font:inherit;margin-top:1.5rem;padding:.5rem 1.25rem;border:0;"
    "border-radius:4px;background:#1a4fd6;color:#fff}small{color:#555}code,pre{background:#f2f2f2;"
    "border-radius:4px;padding:.1rem .3rem;overflow-wrap:anywhere;white-space:pre-wrap}"
    "iframe{position:fixed;inset:0;width:100%;height:100%;border:0}.refusal{border-left:4px solid "
    "#b00020;padding:.5rem 1rem;background:#fdecea}";

}  // namespace

std::string html_escaped(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (const char c : text) {
        switch (c) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            case '"':
                out += "&quot;";
                break;
            case '\'':
                out += "&#39;";
                break;
            default:
                out += c;
        }
    }
    return out;
}

Response html_page(int status, std::string_view title, std::string_view body, Env& env,
                   const PageExtras& extras) {
    const auto nonce = random_text(kNonceCharacters, env);
    return {.status = status,
            .body = fmt::format(
                "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
                "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
                "<title>{0}</title><style nonce=\"{1}\">{2}</style>{4}</head>\n"
                "<body><main><h1>{0}</h1>\n{3}</main></body></html>\n",
                html_escaped(title), nonce, kStyle, body, extras.head),
            .content_type = "text/html; charset=utf-8",
            .headers = {{"Content-Security-Policy",
                         fmt::format("default-src 'none'; style-src 'nonce-{}'{}{}; base-uri "
                                     "'none'; frame-ancestors 'none'",
                                     nonce, extras.policy.empty() ? "" : "; ", extras.policy)},
                        {"Cache-Control", "no-store"},
                        {"Referrer-Policy", "no-referrer"},
                        {"X-Content-Type-Options", "nosniff"},
                        {"X-Robots-Tag", "noindex"}}};
}

}  // namespace hw
