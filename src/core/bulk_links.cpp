// SPDX-License-Identifier: Apache-2.0
#include "core/bulk_links.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "base/link_key.hpp"
#include "core/delete_link.hpp"
#include "core/get_link.hpp"
#include "core/update_link.hpp"

namespace hw {
namespace {

// Two rows for one key: which of them was meant, nobody can tell.
Result<void> refuse_repeated_keys(Tx& tx, std::span<const Result<CreateLink>> inputs) {
    std::set<std::pair<std::string, std::string>> seen;
    std::vector<std::string> repeated;
    for (const auto& input : inputs) {
        if (!input || !input->fields.key) continue;
        const auto domain = choose_domain(tx, input->fields.domain);
        if (!domain) continue;
        if (seen.insert({*domain, fold_key(*input->fields.key)}).second) continue;
        repeated.push_back(*domain + "/" + *input->fields.key);
    }
    if (repeated.empty()) return {};
    return fail(ErrorCode::BadRequest,
                fmt::format("Duplicate links found: {}", fmt::join(repeated, ", ")),
                "repeated_links");
}

// The links that there are, each once, in the order of the references.
std::vector<Link> find_all(Tx& tx, const std::vector<std::string>& references) {
    std::vector<Link> links;
    for (const auto& reference : references) {
        auto link = find_referenced_link(tx, reference);
        if (!link || std::ranges::find(links, link->link_id, &Link::link_id) != links.end()) {
            continue;
        }
        links.push_back(std::move(*link));
    }
    return links;
}

}  // namespace

Result<std::vector<Result<LinkWithTotals>>> create_links(
    Tx& tx, std::span<const Result<CreateLink>> inputs) {
    HW_CHECK(refuse_repeated_keys(tx, inputs));
    std::vector<Result<LinkWithTotals>> outcomes;
    outcomes.reserve(inputs.size());
    for (const auto& input : inputs) {
        outcomes.push_back(input ? create_link(tx, *input) : std::unexpected(input.error()));
    }
    return outcomes;
}

Result<std::vector<UpdatedLink>> update_links(Tx& tx, const UpdateLinks& input) {
    auto references = input.link_ids;
    for (const auto& id : input.external_ids) {
        references.push_back(id.starts_with("ext_") ? id : "ext_" + id);
    }
    std::vector<UpdatedLink> updated;
    for (const auto& before : find_all(tx, references)) {
        updated.push_back(
            {before.link_id, update_found_link(tx, before, input.fields, input.key_reserved)});
    }
    const bool none = std::ranges::none_of(
        updated, [](const UpdatedLink& each) { return each.outcome.has_value(); });
    if (!updated.empty() && none) return std::unexpected(updated.front().outcome.error());
    return updated;
}

std::int64_t delete_links(Tx& tx, const std::vector<std::string>& references) {
    std::int64_t deleted = 0;
    for (const auto& reference : references) {
        if (delete_link(tx, reference)) ++deleted;
    }
    return deleted;
}

}  // namespace hw
