// SPDX-License-Identifier: Apache-2.0
#include "core/partner_analytics.hpp"

#include "api/analytics_query.hpp"
#include "api/get_analytics.hpp"
#include "api/metadata_query.hpp"
#include "api/partner_analytics.hpp"
#include "api/partner_body.hpp"
#include "api/query.hpp"
#include "base/civil_time.hpp"
#include "base/limits.hpp"

namespace hw::api {
namespace {

json::array link_rows(Tx& tx, const PartnerAnalytics& analytics) {
    const auto& groups = analytics.found.groups;
    const auto links = links_of_groups(tx, groups);
    json::array rows;
    for (std::size_t i = 0; i < groups.size(); ++i) {
        json::object row{{"link", groups[i].values.front()}};
        add_analytics_link(row, links[i].link);
        add_analytics_counts(row, groups[i].counts);
        const auto earned = analytics.link_earnings.find(groups[i].values.front());
        row["earnings"] = earned == analytics.link_earnings.end() ? 0 : earned->second;
        rows.push_back(std::move(row));
    }
    return rows;
}

json::value body_of(Tx& tx, const GetAnalytics& input, const PartnerAnalytics& analytics) {
    if (input.as_series) {
        json::array rows;
        for (std::size_t i = 0; i < analytics.found.buckets.size(); ++i) {
            const auto& bucket = analytics.found.buckets[i];
            json::object row{{"start", time_text(bucket.start_ms)}};
            add_analytics_counts(row, bucket.counts);
            row["earnings"] = analytics.bucket_earnings[i];
            rows.push_back(std::move(row));
        }
        return rows;
    }
    if (!input.group.empty()) return link_rows(tx, analytics);
    json::object row;
    add_analytics_counts(row, analytics.found.groups.front().counts);
    row["earnings"] = analytics.earnings;
    return row;
}

}  // namespace

Result<Work> partner_analytics(const Call& call) {
    const auto query = call.request.query;
    auto reference = HW_TRY(read_partner_reference(query));
    const auto group =
        HW_TRY(query_option(query, "groupBy", {"count", "timeseries", "top_links"}, "count"));
    GetAnalytics input;
    if (group == "top_links") input.group = {Field::LinkId};
    input.as_series = group == "timeseries";
    input.range = HW_TRY(read_asked_range(query, kIntervalAll));
    if (const auto text = HW_TRY(query_text(query, "query"))) {
        input.filter.metadata = HW_TRY(parse_metadata_query(*text));
    }
    return Work{
        Work::Mode::Scan,
        [reference = std::move(reference), input = std::move(input)](Tx& tx) -> Result<Answer> {
            const auto found = HW_TRY(hw::partner_analytics(tx, reference, input));
            auto answer = json_answer(json::serialize(body_of(tx, input, found)));
            mark_partial(answer, found.found.complete_from_ms);
            return answer;
        }};
}

}  // namespace hw::api
