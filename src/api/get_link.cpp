// SPDX-License-Identifier: Apache-2.0
#include "core/get_link.hpp"

#include "api/get_link.hpp"
#include "api/link_json.hpp"
#include "api/query.hpp"
#include "store/revenues.hpp"

namespace hw::api {
namespace {

// With what the link earned without proof of the person, if anything: it is no part of its sales.
Answer answer_of(Tx& tx, const LinkWithTotals& link, const Call& call) {
    auto object = link_json(link, call.server_url());
    const auto inferred = inferred_totals(tx, link.link.link_id);
    if (inferred.sales != 0) {
        object["inferredSales"] = inferred.sales;
        object["inferredSaleAmount"] = inferred.sale_amount;
    }
    return json_answer(json::serialize(object));
}

}  // namespace

Result<Work> get_link(const Call& call) {
    return Work{Work::Mode::Read,
                [&call, reference = call.parameters.at(0)](Tx& tx) -> Result<Answer> {
                    return answer_of(tx, HW_TRY(hw::get_link(tx, reference)), call);
                }};
}

Result<Work> get_link_info(const Call& call) {
    const auto query = call.request.query;
    LinkAddress address;
    address.domain = HW_TRY(query_text(query, "domain"));
    address.key = HW_TRY(query_text(query, "key"));
    address.link_id = HW_TRY(query_text(query, "linkId"));
    address.external_id = HW_TRY(query_text(query, "externalId"));
    return Work{Work::Mode::Read, [&call, address = std::move(address)](Tx& tx) -> Result<Answer> {
                    return answer_of(tx, HW_TRY(hw::get_link_info(tx, address)), call);
                }};
}

}  // namespace hw::api
