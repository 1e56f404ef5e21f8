// SPDX-License-Identifier: Apache-2.0
#include "core/get_analytics.hpp"

#include <algorithm>
#include <array>

#include "api/analytics_query.hpp"
#include "api/get_analytics.hpp"
#include "api/json.hpp"
#include "api/query.hpp"
#include "api/track_body.hpp"
#include "base/civil_time.hpp"
#include "base/link_key.hpp"
#include "store/partners.hpp"

namespace hw::api {
namespace {

struct Grouping {
    std::string_view name;
    std::vector<Field> fields;
    std::vector<const char*> keys;  // of the fields' values in a row, in their order
};

// count and timeseries are no grouping by a field.
const std::vector<Grouping>& groupings() {
    static const std::vector<Grouping> table{
        {"count", {}, {}},
        {"timeseries", {}, {}},
        {"continents", {Field::Continent}, {"continent"}},
        {"countries", {Field::Country}, {"country"}},
        {"regions", {Field::Country, Field::Region}, {"country", "region"}},
        {"cities", {Field::Country, Field::Region, Field::City}, {"country", "region", "city"}},
        {"devices", {Field::Device}, {"device"}},
        {"browsers", {Field::Browser}, {"browser"}},
        {"os", {Field::Os}, {"os"}},
        {"trigger", {Field::Trigger}, {"trigger"}},
        {"triggers", {Field::Trigger}, {"trigger"}},
        {"referers", {Field::Referer}, {"referer"}},
        {"referer_urls", {Field::RefererUrl}, {"refererUrl"}},
        {"top_folders", {Field::FolderId}, {"folderId"}},
        {"top_link_tags", {Field::TagId}, {"tagId"}},
        {"top_domains", {Field::Domain}, {"domain"}},
        {"top_links", {Field::LinkId}, {"link"}},
        {"top_urls", {Field::Url}, {"url"}},
        {"top_base_urls", {Field::BaseUrl}, {"url"}},
        {"top_partners", {Field::PartnerId}, {"partnerId"}},
        {"top_groups", {Field::GroupId}, {"groupId"}},
        {"top_partner_tags", {Field::PartnerTagId}, {"partnerTagId"}},
        {"utm_sources", {Field::UtmSource}, {"utm_source"}},
        {"utm_mediums", {Field::UtmMedium}, {"utm_medium"}},
        {"utm_campaigns", {Field::UtmCampaign}, {"utm_campaign"}},
        {"utm_terms", {Field::UtmTerm}, {"utm_term"}},
        {"utm_contents", {Field::UtmContent}, {"utm_content"}},
    };
    return table;
}

Result<const Grouping*> grouping_of(std::string_view name) {
    const auto& table = groupings();
    const auto found = std::ranges::find(table, name, &Grouping::name);
    if (found != table.end()) return &*found;
    std::string names;
    for (const auto& one : table) {
        names.append(names.empty() ? "\"" : "|\"").append(one.name).append("\"");
    }
    return std::unexpected(
        invalid_field("invalid_value", "groupBy", "Invalid option: expected one of " + names));
}

json::object group_row(const Grouping& grouping, const Tally::Group& group) {
    json::object row;
    for (std::size_t i = 0; i < grouping.keys.size(); ++i) {
        row[grouping.keys[i]] = group.values[i];
    }
    if (row.contains("country")) {
        for (const auto* name : {"region", "city"}) {
            if (!row.contains(name)) row[name] = "*";
        }
    }
    return row;
}

// A link may name a partner whom nobody knows any more.
json::object partner_of_row(Tx& tx, const std::string& partner_id) {
    const auto partner = find_partner(tx, tx.workspace_id(), partner_id);
    return {{"id", partner_id},
            {"name", partner ? partner->name : partner_id},
            {"image", partner ? text_or_null(partner->image) : json::value(nullptr)},
            {"payoutsEnabledAt", nullptr},
            {"country", partner ? text_or_null(partner->country) : json::value(nullptr)}};
}

json::array group_rows(Tx& tx, const Grouping& grouping, const std::vector<Tally::Group>& groups) {
    const bool by_link = grouping.fields.front() == Field::LinkId;
    const auto links = by_link ? links_of_groups(tx, groups) : std::vector<TaggedLink>{};
    json::array rows;
    for (std::size_t i = 0; i < groups.size(); ++i) {
        auto row = group_row(grouping, groups[i]);
        if (by_link) add_analytics_link(row, links[i].link);
        if (grouping.fields.front() == Field::PartnerId) {
            row["partner"] = partner_of_row(tx, groups[i].values.front());
        }
        add_analytics_counts(row, groups[i].counts);
        rows.push_back(std::move(row));
    }
    return rows;
}

json::array series_rows(const std::vector<AnalyticsBucket>& buckets) {
    json::array rows;
    for (const auto& bucket : buckets) {
        json::object row{{"start", time_text(bucket.start_ms)}};
        add_analytics_counts(row, bucket.counts);
        rows.push_back(std::move(row));
    }
    return rows;
}

std::int64_t asked_count(const RollupCounts& counts, Counting counting) {
    if (counting == Counting::Leads) return counts.leads;
    return counting == Counting::Sales ? counts.sales : counts.clicks;
}

struct Asked {
    const Grouping* grouping = nullptr;
    bool bare_count = false;  // a number instead of an object
    GetAnalytics input;
};

std::string body_of(Tx& tx, const Asked& asked, const Analytics& found) {
    if (asked.input.as_series) return json::serialize(series_rows(found.buckets));
    if (!asked.grouping->fields.empty()) {
        return json::serialize(group_rows(tx, *asked.grouping, found.groups));
    }
    const auto& counts = found.groups.front().counts;
    if (asked.bare_count && asked.input.counting != Counting::Composite) {
        return std::to_string(asked_count(counts, asked.input.counting));
    }
    json::object row;
    add_analytics_counts(row, counts);
    return json::serialize(row);
}

Result<Work> work_of(const Call& call, Asked asked, std::string_view grouping) {
    const auto query = call.request.query;
    asked.grouping = HW_TRY(grouping_of(grouping));
    asked.input.group = asked.grouping->fields;
    asked.input.as_series = grouping == "timeseries";
    asked.input.range = HW_TRY(read_asked_range(query));
    asked.input.filter = HW_TRY(read_event_filter(query));
    return Work{Work::Mode::Scan, [asked = std::move(asked)](Tx& tx) -> Result<Answer> {
                    const auto found = HW_TRY(hw::get_analytics(tx, asked.input));
                    auto answer = json_answer(body_of(tx, asked, found));
                    mark_partial(answer, found.complete_from_ms);
                    return answer;
                }};
}

}  // namespace

void add_analytics_counts(json::object& row, const RollupCounts& counts) {
    row["clicks"] = counts.clicks;
    row["leads"] = counts.leads;
    row["sales"] = counts.sales;
    row["saleAmount"] = counts.sale_amount;
}

void add_analytics_link(json::object& row, const Link& link) {
    row["id"] = link.link_id;
    row["domain"] = link.domain;
    row["key"] = display_key(link.key);
    row["shortLink"] = short_link(link);
    row["url"] = link.url;
    row["title"] = text_or_null(link.title);
    row["comments"] = text_or_null(link.comments);
    row["folderId"] = text_or_null(link.folder_id);
    row["partnerId"] = text_or_null(link.partner_id);
    row["createdAt"] = time_or_null(link.created_at_ms);
}

Result<Work> get_analytics(const Call& call) {
    const auto query = call.request.query;
    Asked asked;
    asked.input.counting = HW_TRY(read_counting(query, Allow::Composite));
    return work_of(call, std::move(asked), HW_TRY(query_text(query, "groupBy")).value_or("count"));
}

Result<Work> get_analytics_of_event(const Call& call) {
    Asked asked;
    asked.bare_count = true;
    asked.input.counting = HW_TRY(counting_of(call.parameters.at(0), Allow::Composite));
    return work_of(call, std::move(asked),
                   call.parameters.size() > 1 ? call.parameters[1] : std::string("count"));
}

}  // namespace hw::api
