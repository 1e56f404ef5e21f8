// SPDX-License-Identifier: Apache-2.0
#include "api/avatar.hpp"

#include <algorithm>

#include "base/digest.hpp"
#include "store/customers.hpp"

namespace hw::api {
namespace {

constexpr std::string_view kExtension = ".png";
constexpr std::size_t kIdBytesMax = 64;

bool is_id(std::string_view text) {
    return !text.empty() && text.size() <= kIdBytesMax && std::ranges::all_of(text, [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
               c == '_';
    });
}

std::unexpected<Error> not_found() {
    return fail(ErrorCode::NotFound, "There is no such picture.", "avatar_not_found");
}

Answer picture(const Avatar& avatar, std::string_view known_tag) {
    const auto tag = "\"" + sha256_hex(avatar.image).substr(0, 32) + "\"";
    Answer answer;
    // The address stays when the picture is replaced, so browsers come back after an hour.
    answer.headers = {{"Cache-Control", "public, max-age=3600"}, {"ETag", tag}};
    if (known_tag.contains(tag)) {
        answer.status = 304;
        return answer;
    }
    answer.body = avatar.image;
    answer.content_type = avatar.content_type;
    answer.headers.emplace_back("X-Content-Type-Options", "nosniff");
    return answer;
}

}  // namespace

Result<Work> avatar(const Call& call) {
    const auto& workspace_id = call.parameters.at(0);
    std::string_view customer_id = call.parameters.at(1);
    if (!customer_id.ends_with(kExtension)) return not_found();
    customer_id.remove_suffix(kExtension.size());
    if (!is_id(workspace_id) || !is_id(customer_id)) return not_found();
    return Work{
        Work::Mode::Read,
        [workspace_id, customer_id = std::string(customer_id),
         known_tag = std::string(call.request.header("If-None-Match"))](Tx& tx) -> Result<Answer> {
            const auto found = find_avatar(tx, workspace_id, customer_id);
            if (!found) return not_found();
            return picture(*found, known_tag);
        }};
}

}  // namespace hw::api
