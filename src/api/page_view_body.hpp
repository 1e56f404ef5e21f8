// SPDX-License-Identifier: Apache-2.0
// What a page tells of itself, as it stands on the wire (reference: payments, 6), with what the
// request says of who tells it.
#pragma once

#include <string_view>

#include "api/http.hpp"
#include "api/json.hpp"
#include "api/visitor.hpp"
#include "store/ingest_tokens.hpp"
#include "store/page_views.hpp"

namespace hw {

struct ToldPage {
    const Request& request;
    std::string_view type;  // pageview, event, identify
    const json::object& data;
    const IngestToken& token;
    std::int64_t now_ms = 0;
};

// BadRequest names the field that is missing. Texts that are too long are cut. Needs the salts.
Result<PageView> read_page_view(const Visitors& visitors, const ToldPage& told);

// Whether the view has a visitor whose cookie should be kept.
bool keeps_visitor(const PageView& view);

}  // namespace hw
