// SPDX-License-Identifier: Apache-2.0
#include "core/export_links.hpp"

#include "api/export.hpp"
#include "api/export_links.hpp"
#include "api/link_json.hpp"
#include "api/link_query.hpp"

namespace hw::api {
namespace {

// As api/import_csv.cpp reads them. UTM parameters stand in the URL.
constexpr ExportColumn kColumns[] = {
    {"shortLink", "shortLink"},
    {"domain", "domain"},
    {"key", "key"},
    {"url", "url"},
    {"title", "title"},
    {"description", "description"},
    {"comments", "comments"},
    {"tags", "tagNames"},
    {"folder", "folder"},
    {"createdAt", "createdAt"},
    {"externalId", "externalId"},
    {"tenantId", "tenantId"},
    {"programId", "programId"},
    {"partnerId", "partnerId"},
    {"archived", "archived"},
    {"trackConversion", "trackConversion"},
    {"publicStats", "publicStats"},
    {"proxy", "proxy"},
    {"rewrite", "rewrite"},
    {"doIndex", "doIndex"},
    {"expiresAt", "expiresAt"},
    {"expiredUrl", "expiredUrl"},
    {"password", "password"},
    {"image", "image"},
    {"video", "video"},
    {"ios", "ios"},
    {"android", "android"},
    {"clicks", "clicks"},
    {"leads", "leads"},
    {"conversions", "conversions"},
    {"sales", "sales"},
    {"saleAmount", "saleAmount"},
};

json::object row_of(const ExportedLink& link, std::string_view server_url) {
    auto row = link_json(link.linked, server_url);
    json::array names;
    for (const auto& tag : link.linked.tags) names.emplace_back(tag.name);
    row["tagNames"] = std::move(names);
    row["folder"] = link.folder.empty() ? json::value(nullptr) : json::value(link.folder);
    return row;
}

}  // namespace

Result<Work> export_links(const Call& call) {
    auto which = HW_TRY(read_link_query(call.request.query));
    auto read = [which = std::move(which), server_url = call.server_url()](
                    Tx& tx, const std::string& after) -> Result<ExportPage> {
        const auto links = hw::export_links(tx, which, after, limits::kExportRowsAtOnce);
        ExportPage page{.rows = {},
                        .after = links.empty() ? after : links.back().linked.link.link_id,
                        .last = std::ssize(links) < limits::kExportRowsAtOnce};
        for (const auto& link : links) page.rows.push_back(row_of(link, server_url));
        return page;
    };
    return export_rows(call, {.name = "links", .columns = kColumns, .read = std::move(read)});
}

}  // namespace hw::api
