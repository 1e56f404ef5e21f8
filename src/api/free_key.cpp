// SPDX-License-Identifier: Apache-2.0
#include "core/free_key.hpp"

#include "api/free_key.hpp"
#include "api/link_body.hpp"
#include "api/query.hpp"

namespace hw::api {
namespace {

Result<std::string> required_query(std::string_view query, std::string_view name) {
    auto text = HW_TRY(query_text(query, name));
    if (text) return std::move(*text);
    return std::unexpected(
        invalid_field("invalid_type", name, "Invalid input: expected string, received undefined"));
}

}  // namespace

Result<Work> link_exists(const Call& call) {
    auto domain = HW_TRY(required_query(call.request.query, "domain"));
    auto key = HW_TRY(required_query(call.request.query, "key"));
    return Work{Work::Mode::Read,
                [reserved = reserved_keys(call.options), domain = std::move(domain),
                 key = std::move(key)](Tx& tx) -> Result<Answer> {
                    HW_CHECK(check_key_is_free(tx, domain, key, reserved));
                    return json_answer(R"({"error":null})");
                }};
}

Result<Work> random_key(const Call& call) {
    auto domain = HW_TRY(query_text(call.request.query, "domain"));
    return Work{Work::Mode::Read,
                [reserved = reserved_keys(call.options),
                 domain = std::move(domain)](Tx& tx) -> Result<Answer> {
                    const auto key = HW_TRY(random_free_key(tx, domain, reserved));
                    return json_answer(json::serialize(json::value(key)));
                }};
}

}  // namespace hw::api
