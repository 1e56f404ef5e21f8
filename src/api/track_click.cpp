// SPDX-License-Identifier: Apache-2.0
#include "api/track_click.hpp"

#include <fmt/format.h>

#include "api/admit_page.hpp"
#include "api/api.hpp"
#include "api/first_party.hpp"
#include "api/json.hpp"
#include "api/short_address.hpp"
#include "base/limits.hpp"
#include "base/link_key.hpp"
#include "base/url.hpp"
#include "base/utf8.hpp"

namespace hw::api {
namespace {

struct ClickBody {
    std::string domain;
    std::string key;
    std::string url;       // landing page; empty: the link's destination
    std::string referrer;  // empty: the Referer header
};

struct Visit {
    Api& api;
    const Request& request;
    ClickBody body;
    std::shared_ptr<const PreparedLink> link;
    Reply reply;

    void refuse(const Error& error) { reply(error_response(error, ErrorShape::Track)); }
};

Result<std::string> required(const json::object& body, std::string_view name) {
    const auto* value = body.if_contains(name);
    if (value == nullptr || !value->is_string()) {
        return std::unexpected(
            invalid_field("invalid_type", name, fmt::format("{} is required.", name)));
    }
    return required_text(body, name);
}

Result<ClickBody> read_body(std::string_view text) {
    const auto body = HW_TRY(parse_object(text));
    ClickBody click;
    click.domain = bare_domain(HW_TRY(required(body, "domain")));
    click.key = HW_TRY(required(body, "key"));
    click.url = HW_TRY(optional_text(body, "url")).value_or("");
    click.referrer = HW_TRY(optional_text(body, "referrer")).value_or("");
    return click;
}

Response click_answer(const Request& request, std::string_view click_id) {
    Response response{.status = 200,
                      .body = json::serialize(json::object{{"clickId", click_id}}),
                      .content_type = "application/json"};
    keep_click(request, click_id, response);
    return response;
}

void record(std::unique_ptr<Visit> visit) {
    auto& api = visit->api;
    auto touch = api.visitors().observe(visit->request, *visit->link, "link");
    const auto landed = utf8_prefix(visit->body.url, limits::kLandingUrlBytesMax);
    if (normalize_destination(landed)) touch.url = landed;
    if (!visit->body.referrer.empty()) set_referrer(touch, visit->body.referrer);
    if (const auto earlier = api.db().recent_click(touch, touch.at_ms)) {
        return visit->reply(click_answer(visit->request, *earlier));
    }
    api.db().record_click(std::move(touch),
                          [visit = std::move(visit)](Result<RecordedClick> recorded) mutable {
                              if (!recorded) return visit->refuse(recorded.error());
                              visit->reply(click_answer(visit->request, recorded->click_id));
                          });
}

}  // namespace

void track_click(Api& api, const Request& request, Reply reply) {
    auto body = read_body(request.body);
    if (!body) return reply(error_response(body.error(), ErrorShape::Track));
    auto key = fold_key(body->key);
    if (key.empty()) key = kRootKey;
    NamedLink named{body->domain, body->key, std::move(key)};
    auto visit =
        std::make_unique<Visit>(Visit{api, request, std::move(*body), nullptr, std::move(reply)});
    admit_page(api, request, std::move(named),
               [visit = std::move(visit)](Result<AdmittedPage> page) mutable {
                   if (!page) return visit->refuse(page.error());
                   if (page->refused) return visit->refuse(*page->refused);
                   visit->link = std::move(page->link);
                   record(std::move(visit));
               });
}

}  // namespace hw::api
