// SPDX-License-Identifier: Apache-2.0
#include "api/list_domains.hpp"

#include "api/domain_json.hpp"
#include "api/query.hpp"
#include "base/limits.hpp"

namespace hw::api {

Result<Work> list_domains(const Call& call) {
    const auto query = call.request.query;
    const bool archived = HW_TRY(query_bool(query, "archived", false));
    const auto search = HW_TRY(query_text(query, "search")).value_or("");
    const auto page = HW_TRY(query_page(query)).value_or(1);
    const auto page_size =
        HW_TRY(query_count(query, "pageSize",
                           {.number_message = "Page size must be a number.",
                            .too_small_message = "Page size must be greater than 0.",
                            .max = limits::kDomainPageSizeMax,
                            .too_big_message = "Max page size is 50."}))
            .value_or(limits::kDomainPageSizeMax);
    return Work{Work::Mode::Read, [archived, search, page, page_size](Tx& tx) -> Result<Answer> {
                    json::array out;
                    std::int64_t skip = (page - 1) * page_size;
                    for (const auto& domain : hw::list_domains(tx, tx.workspace_id())) {
                        if (domain.archived != archived || !domain.slug.contains(search)) continue;
                        if (skip-- > 0) continue;
                        if (std::ssize(out) == page_size) break;
                        out.push_back(domain_json(domain));
                    }
                    return json_answer(json::serialize(out));
                }};
}

Result<Work> domain_status(const Call& call) {
    auto names = HW_TRY(query_text(call.request.query, "domains"));
    if (!names) names = HW_TRY(query_text(call.request.query, "domain"));
    if (!names) {
        return std::unexpected(invalid_field("invalid_type", "domains",
                                             "Invalid input: expected string, received undefined"));
    }
    json::array out;
    for (std::string_view rest = *names; !rest.empty();) {
        const auto comma = std::min(rest.find(','), rest.size());
        out.push_back(json::object{{"domain", rest.substr(0, comma)},
                                   {"available", false},
                                   {"premium", nullptr},
                                   {"prices", nullptr},
                                   {"price", nullptr}});
        rest.remove_prefix(std::min(comma + 1, rest.size()));
    }
    return Work{Work::Mode::Read,
                [text = json::serialize(out)](Tx&) -> Result<Answer> { return json_answer(text); }};
}

}  // namespace hw::api
