// SPDX-License-Identifier: Apache-2.0
#include "api/track_open.hpp"

#include "api/api.hpp"
#include "api/json.hpp"
#include "api/link_lookup.hpp"
#include "api/short_address.hpp"
#include "base/limits.hpp"
#include "base/link_key.hpp"
#include "base/percent.hpp"
#include "base/utf8.hpp"
#include "store/deep_link_clicks.hpp"

namespace hw::api {
namespace {

struct Opening {
    Api& api;
    const Request& request;
    std::string deep_link;
    std::string domain;  // of an app that does not know its link
    std::shared_ptr<const PreparedLink> link;
    Reply reply;

    void refuse(const Error& error) { reply(error_response(error, ErrorShape::Track)); }
    void answer(json::value click_id, const Link* of) {
        json::object body{{"clickId", std::move(click_id)}, {"link", nullptr}};
        if (of != nullptr) {
            body["link"] = json::object{{"id", of->link_id},
                                        {"domain", of->domain},
                                        {"key", display_key(of->key)},
                                        {"url", of->url}};
        }
        reply(json_answer(json::serialize(body)));
    }
};

void record(std::unique_ptr<Opening> opening) {
    auto& api = opening->api;
    auto touch = api.visitors().observe(opening->request, *opening->link, "deeplink");
    // Apps send what their HTTP library is called, which is what many bots send as well.
    touch.bot = false;
    if (const auto earlier = api.db().recent_click(touch, touch.at_ms)) {
        return opening->answer(json::value(*earlier), opening->link.get());
    }
    api.db().record_click(std::move(touch),
                          [opening = std::move(opening)](Result<RecordedClick> recorded) mutable {
                              if (!recorded) return opening->refuse(recorded.error());
                              opening->answer(json::value(recorded->click_id), opening->link.get());
                          });
}

void open_link(std::unique_ptr<Opening> opening) {
    if (!opening->link) {
        return opening->refuse(
            {ErrorCode::NotFound, "Deep link not found: " + opening->deep_link, "link_not_found"});
    }
    const auto& request = opening->request;
    const bool no_track = request.has_header("dub-no-track") ||
                          find_parameter(request.query, "dub-no-track").has_value();
    if (no_track) return opening->answer(nullptr, opening->link.get());
    auto& visitors = opening->api.visitors();
    visitors.with_salts([opening = std::move(opening)](std::optional<Error> failed) mutable {
        if (failed) return opening->refuse(*failed);
        record(std::move(opening));
    });
}

struct Deferred {
    std::string click_id;
    Link link;
};

// The click that went to the store from this address within the hour.
std::optional<Deferred> find_deferred(Tx& tx, const std::string& slug,
                                      const Visitors::Addresses& addresses) {
    const auto domain = find_domain(tx, slug);
    if (!domain) return std::nullopt;
    for (const auto address : {addresses.today, addresses.yesterday}) {
        const DeepLinkClick wanted{
            .workspace_id = domain->workspace_id,
            .domain = slug,
            .address = address,
            .touch_id = {},
            .link_id = {},
        };
        const auto click = find_deep_link_click(tx, wanted, tx.now_ms() - limits::kClickDedupMs);
        auto link = click ? find_link(tx, click->workspace_id, click->link_id) : std::nullopt;
        if (link) return Deferred{click->touch_id, std::move(*link)};
    }
    return std::nullopt;
}

void open_deferred(std::unique_ptr<Opening> opening) {
    auto& api = opening->api;
    api.visitors().with_salts(
        [&api, opening = std::move(opening)](std::optional<Error> failed) mutable {
            if (failed) return opening->refuse(*failed);
            const auto addresses = api.visitors().addresses_of(opening->request);
            auto slug = opening->domain;  // before `opening` moves: arguments have no order
            api.db().read<std::optional<Deferred>>(
                std::string(kOperator),
                [slug = std::move(slug), addresses](Tx& tx) -> Result<std::optional<Deferred>> {
                    return find_deferred(tx, slug, addresses);
                },
                [opening = std::move(opening)](Result<std::optional<Deferred>> found) mutable {
                    if (!found) return opening->refuse(found.error());
                    if (!*found) return opening->answer(nullptr, nullptr);
                    opening->answer(json::value((*found)->click_id), &(*found)->link);
                });
        });
}

Result<std::unique_ptr<Opening>> read_opening(Api& api, const Request& request) {
    const auto body = HW_TRY(parse_object(request.body));
    auto opening = std::make_unique<Opening>(Opening{api, request, {}, {}, nullptr, {}});
    opening->deep_link = HW_TRY(optional_text(body, "deepLink")).value_or("");
    opening->domain = bare_domain(
        HW_TRY(optional_text(body, "dubDomain", {.max_characters = limits::kDomainCharactersMax}))
            .value_or(""));
    if (opening->deep_link.empty() && opening->domain.empty()) {
        return std::unexpected(invalid_field("custom", "",
                                             "You need to provide either `deepLink` or `dubDomain` "
                                             "for deferred deep linking."));
    }
    return opening;
}

}  // namespace

void track_open(Api& api, const Request& request, Reply reply) {
    auto read = read_opening(api, request);
    if (!read) return reply(error_response(read.error(), ErrorShape::Track));
    auto opening = std::move(*read);
    opening->reply = std::move(reply);
    if (opening->deep_link.empty()) return open_deferred(std::move(opening));
    const auto address = short_address(opening->deep_link);
    if (address.domain.empty()) {
        return opening->refuse(invalid_field("invalid_format", "deepLink", "Invalid URL"));
    }
    look_up_link(
        api, address.domain, address.key,
        [opening = std::move(opening)](Result<std::shared_ptr<const PreparedLink>> link) mutable {
            if (!link) return opening->refuse(link.error());
            opening->link = std::move(*link);
            open_link(std::move(opening));
        });
}

}  // namespace hw::api
