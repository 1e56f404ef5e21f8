// SPDX-License-Identifier: Apache-2.0
#include "api/track_visit.hpp"

#include "api/admit_page.hpp"
#include "api/api.hpp"
#include "api/first_party.hpp"
#include "api/json.hpp"
#include "api/short_address.hpp"
#include "base/limits.hpp"
#include "base/utf8.hpp"

namespace hw::api {
namespace {

struct Visit {
    Api& api;
    const Request& request;
    ShortAddress address;
    std::string url;
    std::string referrer;  // empty: the Referer header
    std::shared_ptr<const PreparedLink> link;
    Reply reply;

    void refuse(const Error& error) { reply(error_response(error, ErrorShape::Track)); }
    void answer(std::string_view click_id) {
        auto answer = json_answer(json::serialize(json::object{{"clickId", click_id}}));
        keep_visit(request, click_id, answer);
        reply(std::move(answer));
    }
};

void record(std::unique_ptr<Visit> visit, bool allowed) {
    auto& api = visit->api;
    auto touch = api.visitors().observe(visit->request, *visit->link, "pageview");
    touch.url = utf8_prefix(visit->url, limits::kLandingUrlBytesMax);
    if (!visit->referrer.empty()) set_referrer(touch, visit->referrer);
    if (const auto earlier = api.db().recent_click(touch, touch.at_ms)) {
        return visit->answer(*earlier);
    }
    // A page that may not speak for the workspace is answered all the same and leaves no trace.
    if (!allowed) return visit->answer(touch.touch_id);
    api.db().record_click(std::move(touch),
                          [visit = std::move(visit)](Result<RecordedClick> recorded) mutable {
                              if (!recorded) return visit->refuse(recorded.error());
                              visit->answer(recorded->click_id);
                          });
}

Result<std::unique_ptr<Visit>> read_visit(Api& api, const Request& request) {
    const auto body = HW_TRY(parse_object(request.body));
    const auto text = [&](std::string_view name) {
        const auto* value = body.if_contains(name);
        const bool is_text = value != nullptr && value->is_string();
        return is_text ? valid_utf8(value->get_string()) : std::string{};
    };
    auto visit = std::make_unique<Visit>(
        Visit{api, request, {}, text("url"), text("referrer"), nullptr, {}});
    visit->address = short_address(visit->url);
    visit->address.domain = bare_domain(text("domain"));
    if (visit->address.domain.empty() || visit->address.key.empty()) {
        return fail(ErrorCode::BadRequest, "Missing domain or url", "no_domain_or_url");
    }
    return visit;
}

}  // namespace

void track_visit(Api& api, const Request& request, Reply reply) {
    auto read = read_visit(api, request);
    if (!read) return reply(error_response(read.error(), ErrorShape::Track));
    auto visit = std::move(*read);
    visit->reply = std::move(reply);
    const auto& [domain, key] = visit->address;
    NamedLink named{domain, key, key};
    admit_page(api, request, std::move(named),
               [visit = std::move(visit)](Result<AdmittedPage> page) mutable {
                   if (!page) return visit->refuse(page.error());
                   visit->link = std::move(page->link);
                   record(std::move(visit), !page->refused);
               });
}

}  // namespace hw::api
