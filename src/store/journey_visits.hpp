// SPDX-License-Identifier: Apache-2.0
// Who bought, as visitors of pages, and what these visitors did: for many conversions in one
// statement.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "store/page_views.hpp"
#include "store/touches.hpp"
#include "store/tx.hpp"

namespace hw {

// A visitor that is known to be behind somebody.
struct KnownVisitor {
    std::string of_id;  // a conversion's, or a customer's
    std::string fingerprint;
};
// By what the conversions told of themselves.
std::vector<KnownVisitor> visitors_of_conversions(Tx& tx,
                                                  std::span<const std::string> conversion_ids);
std::vector<KnownVisitor> visitors_of_customers(Tx& tx, std::span<const std::string> customer_ids);

// The clicks on links of these visitors, as journey_clicks.hpp has them. No bots. In no order.
struct VisitorClick {
    std::string fingerprint;
    Touch touch;
};
std::vector<VisitorClick> clicks_of_fingerprints(Tx& tx, std::span<const std::string> fingerprints);

// The page views with which their sessions began. Only id, time, fingerprint, source, the three of
// utm_source, utm_medium and utm_campaign, and via are set. No bots. In no order.
std::vector<PageView> first_pages_of_visitors(Tx& tx, std::span<const std::string> fingerprints);

// The same of all visitors, in the order in which they were told, out of `limit` pages that were
// told after `after_id` and before `before_id`.
struct FirstPages {
    std::vector<PageView> pages;
    std::string last_id;  // where to go on; empty: that was all
};
FirstPages first_pages_between(Tx& tx, std::string_view after_id, std::string_view before_id,
                               std::int64_t limit);

// Their salted addresses: those of Touch::visitor.
struct VisitorAddress {
    std::string fingerprint;
    std::int64_t visitor = 0;
};
std::vector<VisitorAddress> addresses_of_visitors(Tx& tx,
                                                  std::span<const std::string> fingerprints);

}  // namespace hw
