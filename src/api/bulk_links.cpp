// SPDX-License-Identifier: Apache-2.0
#include "core/bulk_links.hpp"

#include <fmt/format.h>

#include "api/bulk_links.hpp"
#include "api/error_json.hpp"
#include "api/link_body.hpp"
#include "api/link_json.hpp"
#include "api/query.hpp"

namespace hw::api {
namespace {

json::object refused_json(json::value link, const Error& error) {
    return {{"link", std::move(link)}, {"error", error.message}, {"code", error_name(error.code)}};
}

Result<void> check_size(std::size_t size, std::string_view path, std::string_view verb) {
    if (size <= limits::kBulkLinksMax) return {};
    return std::unexpected(invalid_field(
        "too_big", path,
        fmt::format("You can only {} up to {} links at a time.", verb, limits::kBulkLinksMax)));
}

Result<CreateLink> read_row(const json::value& row, const ApiOptions& options) {
    if (row.is_object()) return read_create_link(row.get_object(), options);
    return std::unexpected(invalid_field(
        "invalid_type", "",
        fmt::format("Invalid input: expected object, received {}", json_type_name(&row))));
}

// What has an outcome of its own in each link is not for many at once.
void keep_only_shared(LinkFields& fields) {
    fields.domain.reset();
    fields.key.reset();
    fields.external_id.reset();
}

}  // namespace

Result<Work> create_links(const Call& call) {
    auto rows = HW_TRY(parse_array(call.request.body));
    if (rows.empty()) {
        return std::unexpected(invalid_field(
            "too_small", "", "No links created \u2013 you must provide at least one link."));
    }
    HW_CHECK(check_size(rows.size(), "", "create"));
    std::vector<Result<CreateLink>> inputs;
    inputs.reserve(rows.size());
    for (const auto& row : rows) inputs.push_back(read_row(row, call.options));
    return Work{
        Work::Mode::Write,
        [&call, rows = std::move(rows), inputs = std::move(inputs)](Tx& tx) -> Result<Answer> {
            const auto outcomes = HW_TRY(hw::create_links(tx, inputs));
            const auto server_url = call.server_url();
            json::array made;
            for (const auto& outcome : outcomes) {
                if (outcome) made.push_back(link_json(*outcome, server_url));
            }
            json::array refused;
            for (std::size_t i = 0; i < outcomes.size(); ++i) {
                if (!outcomes[i]) refused.push_back(refused_json(rows[i], outcomes[i].error()));
            }
            made.insert(made.end(), refused.begin(), refused.end());
            return json_answer(json::serialize(made));
        }};
}

Result<Work> update_links(const Call& call) {
    const auto body = HW_TRY(parse_object(call.request.body));
    UpdateLinks input;
    input.link_ids = HW_TRY(optional_texts(body, "linkIds")).value_or(input.link_ids);
    input.external_ids = HW_TRY(optional_texts(body, "externalIds")).value_or(input.external_ids);
    HW_CHECK(check_size(input.link_ids.size(), "linkIds", "update"));
    HW_CHECK(check_size(input.external_ids.size(), "externalIds", "update"));
    const auto* data = body.if_contains("data");
    if (data == nullptr || !data->is_object()) {
        return std::unexpected(invalid_field(
            "invalid_type", "data",
            fmt::format("Invalid input: expected object, received {}", json_type_name(data))));
    }
    input.fields = HW_TRY(read_link_fields(data->get_object()));
    keep_only_shared(input.fields);
    return Work{Work::Mode::Write, [&call, input = std::move(input)](Tx& tx) -> Result<Answer> {
                    const auto updated = HW_TRY(hw::update_links(tx, input));
                    if (updated.empty()) return json_answer(R"("No links to update")");
                    const auto server_url = call.server_url();
                    json::array answers;
                    for (const auto& [link_id, outcome] : updated) {
                        answers.push_back(
                            outcome ? link_json(*outcome, server_url)
                                    : refused_json(json::object{{"id", link_id}}, outcome.error()));
                    }
                    return json_answer(json::serialize(answers));
                }};
}

Result<Work> delete_links(const Call& call) {
    auto ids = HW_TRY(query_list(call.request.query, "linkIds"));
    if (ids.empty()) {
        return std::unexpected(
            invalid_field("invalid_type", "linkIds",
                          "Please provide linkIds to delete: ids of links, or external ids "
                          "prefixed with `ext_`, separated by commas."));
    }
    HW_CHECK(check_size(ids.size(), "linkIds", "delete"));
    return Work{Work::Mode::Write, [ids = std::move(ids)](Tx& tx) -> Result<Answer> {
                    const auto count = hw::delete_links(tx, ids);
                    return json_answer(json::serialize(json::object{{"deletedCount", count}}));
                }};
}

}  // namespace hw::api
