// SPDX-License-Identifier: Apache-2.0
#include "core/create_link.hpp"

#include "api/create_link.hpp"
#include "api/link_body.hpp"
#include "api/link_json.hpp"
#include "base/limits.hpp"

namespace hw::api {
namespace {

Result<CreateLink> read_create_link(const json::object& body, const ApiOptions& options) {
    CreateLink input;
    input.fields = HW_TRY(read_link_fields(body));
    // Clients send null for what they do not care about; the URL keeps what it says itself.
    std::erase_if(input.fields.url_parameters,
                  [&](const UrlParameter& parameter) { return body.at(parameter.name).is_null(); });
    // An empty key asks for a random one, as no key does.
    if (input.fields.key && input.fields.key->empty()) input.fields.key.reset();
    input.key_length =
        HW_TRY(optional_int(body, "keyLength",
                            {.min = limits::kRandomKeyLengthMin,
                             .max = limits::kKeyCharactersMax,
                             .too_small_message = "Too small: expected number to be >=3",
                             .too_big_message = "Too big: expected number to be <=190"}))
            .value_or(limits::kRandomKeyLength);
    input.prefix =
        HW_TRY(optional_text(body, "prefix", {.max_characters = limits::kKeyCharactersMax}))
            .value_or("");
    while (input.prefix.ends_with('/')) input.prefix.pop_back();
    input.key_reserved = reserved_keys(options);
    return input;
}

}  // namespace

Result<Work> create_link(const Call& call) {
    const auto body = HW_TRY(parse_object(call.request.body));
    auto input = HW_TRY(read_create_link(body, call.options));
    return Work{Work::Mode::Write, [&call, input = std::move(input)](Tx& tx) -> Result<Answer> {
                    const auto link = HW_TRY(hw::create_link(tx, input));
                    return json_answer(json::serialize(link_json({link, {}}, call.server_url())));
                }};
}

}  // namespace hw::api
