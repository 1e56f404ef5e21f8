// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>
#include <string>

#include "api/api.hpp"
#include "api/json.hpp"
#include "api/json_text.hpp"
#include "api/link_body.hpp"
#include "api/page_meta.hpp"
#include "api/track_lead.hpp"
#include "api/track_sale.hpp"
#include "base/fault.hpp"
#include "base/limits.hpp"
#include "base/url.hpp"
#include "base/utf8.hpp"
#include "tests/fuzz/targets.hpp"

namespace hw::fuzz {
namespace {

class StillEnv : public Env {
  public:
    std::int64_t now_ms() override { return 1'790'000'000'000; }
    std::uint64_t random_64() override { return 4; }
};

// Any refusal is a client's, and says why.
template <class T>
void check(const Result<T>& result) {
    if (result) return;
    HW_ASSERT(result.error().code == ErrorCode::BadRequest ||
              result.error().code == ErrorCode::Forbidden ||
              result.error().code == ErrorCode::UnprocessableEntity);
    HW_ASSERT(!result.error().message.empty());
}

void read_as_everything(const json::object& body, std::string_view name) {
    check(optional_text(body, name, {.max_characters = 10, .trim = true}));
    check(required_text(body, name, {.empty_message = "is required"}));
    check(optional_email(body, name, {.max_characters = 100}));
    check(optional_bool(body, name));
    check(option_text(body, name, {"async", "wait"}, "async"));
    check(optional_int(
        body, name,
        {.min = -5, .max = 100, .too_small_message = "Too small", .too_big_message = "Too big"}));
    check(required_int(body, name,
                       {.max = 1'000,
                        .missing_message = "is required",
                        .too_small_message = "Too small",
                        .too_big_message = "Too big"}));
    const auto metadata = optional_metadata(body, name);
    check(metadata);
    if (metadata && *metadata) json_or_null(*metadata);
}

}  // namespace

void json_body(std::string_view bytes) {
    const auto body = parse_object(bytes);
    check(body);
    if (!body) return;
    // What we write is what we read, so metadata comes back as it was sent.
    const auto text = json_text(*body);
    const auto again = parse_object(text);
    HW_ASSERT(again && json_text(*again) == text);
    for (const auto& member : *body) read_as_everything(*body, member.key());
    check(read_link_fields(*body));
}

void track_body(std::string_view bytes) {
    StillEnv env;
    const ApiOptions options;
    Request request{};
    request.method = "POST";
    request.path = "/track/sale";
    request.body = bytes;
    auto caller = std::make_shared<Caller>();
    for (const bool publishable : {false, true}) {
        caller->publishable = publishable;
        const Call call{request, caller, {}, env, options};
        check(api::track_lead(call));
        check(api::track_sale(call));
    }
}

// The first line is the Content-Type.
void page_meta(std::string_view bytes) {
    const auto line = std::min(bytes.find('\n'), bytes.size());
    FetchedPage page{.url = "https://shop.example/a/page",
                     .content_type = std::string(bytes.substr(0, line)),
                     .body = std::string(bytes.substr(std::min(line + 1, bytes.size())))};
    const auto meta = read_page_meta(page);
    for (const auto& text : {meta.title, meta.description}) {
        HW_ASSERT(is_valid_utf8(text) && !text.contains('\0'));
        HW_ASSERT(text.size() <= limits::kMetaTextBytesMax);
    }
    HW_ASSERT(meta.image.empty() ||
              (meta.image.starts_with("http") && !host_of(meta.image).empty()));
}

}  // namespace hw::fuzz
