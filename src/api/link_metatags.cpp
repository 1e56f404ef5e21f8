// SPDX-License-Identifier: Apache-2.0
#include "api/link_metatags.hpp"

#include "api/api.hpp"
#include "api/json.hpp"
#include "api/page_meta.hpp"
#include "api/query.hpp"
#include "base/url.hpp"

namespace hw::api {
namespace {

constexpr std::string_view kNoDescription = "No description";

Result<std::string> page_url(std::string_view query) {
    const auto text = HW_TRY(query_text(query, "url"));
    if (!text) {
        return std::unexpected(invalid_field("invalid_type", "url",
                                             "Invalid input: expected string, received undefined"));
    }
    auto url = normalize_destination(*text);
    const bool is_web = url && (url->starts_with("http://") || url->starts_with("https://"));
    if (!is_web || host_of(*url).empty()) {
        return std::unexpected(invalid_field("invalid_format", "url", "Invalid URL"));
    }
    return std::move(*url);
}

// A page that says nothing, or does not answer, is shown by its address.
Response meta_answer(std::string_view url, const PageMeta& meta, std::string_view caching) {
    const auto image = meta.image.empty() ? json::value(nullptr) : json::value(meta.image);
    const json::object body{
        {"title", meta.title.empty() ? url : std::string_view(meta.title)},
        {"description",
         meta.description.empty() ? kNoDescription : std::string_view(meta.description)},
        {"image", image},
        {"poweredBy", "Headwater"}};
    Response response{
        .status = 200, .body = json::serialize(body), .content_type = "application/json"};
    response.headers.emplace_back("Cache-Control", caching);
    return response;
}

// Nobody keeps what a page that was not read looks like: the next try may do better.
Response unread_answer(std::string_view url) {
    return meta_answer(url, {}, "no-store");
}

}  // namespace

void link_metatags(Api& api, const Request& request, Reply reply) {
    auto url = page_url(request.query);
    if (!url) return reply(error_response(url.error(), ErrorShape::Track));
    auto* const pages = api.options().pages;
    if (pages == nullptr) return reply(unread_answer(*url));
    auto wanted = *url;  // before `url` moves: arguments have no order
    pages->fetch(std::move(wanted), [url = std::move(*url),
                                     reply = std::move(reply)](Result<FetchedPage> page) mutable {
        if (!page) return reply(unread_answer(url));
        reply(meta_answer(url, read_page_meta(*page), "public, max-age=300"));
    });
}

}  // namespace hw::api
