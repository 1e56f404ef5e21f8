// SPDX-License-Identifier: Apache-2.0
#include "api/event_payloads.hpp"

#include <algorithm>
#include <array>

#include "api/alert_event_data.hpp"
#include "api/customer_json.hpp"
#include "api/event_json.hpp"
#include "api/exact_json.hpp"
#include "api/link_json.hpp"
#include "api/partner_event_data.hpp"
#include "api/program_event_data.hpp"
#include "base/fault.hpp"
#include "core/link_groups.hpp"
#include "core/webhook_events.hpp"
#include "store/attributions.hpp"
#include "store/conversions.hpp"
#include "store/touches.hpp"
#include "store/webhooks.hpp"

namespace hw {
namespace {

struct Rendering {
    Tx& tx;
    std::string_view subject_id;
    std::string_view server_url;
};

// With what this very transaction counted, which the rows do not show yet. A link may have been
// deleted since a customer came from it: then its id is what is left.
json::object link_of(const Rendering& at, std::string_view link_id) {
    auto link = find_link(at.tx, at.tx.workspace_id(), link_id);
    if (!link) {
        Link gone;
        gone.workspace_id = at.tx.workspace_id();
        gone.link_id = link_id;
        return link_json({std::move(gone), {}, {}}, at.server_url);
    }
    auto linked = with_totals(at.tx, std::move(*link));
    linked.totals.merge(at.tx.uncommitted_counts(link_id));
    return link_json(linked, at.server_url);
}

json::object link_data(const Rendering& at) {
    return link_of(at, at.subject_id);
}

json::object click_data(const Rendering& at) {
    const auto touch = find_touch(at.tx, at.tx.workspace_id(), at.subject_id);
    HW_ASSERT(touch.has_value());
    return {{"click", click_json(*touch, touch->at_ms)}, {"link", link_of(at, touch->link_id)}};
}

// A lead or a sale as it is attributed.
struct Told {
    Conversion conversion;
    Attribution attribution;
    CustomerWithTotals customer;
};

Told told_of(const Rendering& at) {
    const auto& workspace_id = at.tx.workspace_id();
    auto conversion = find_conversion(at.tx, workspace_id, at.subject_id);
    auto attribution = find_attribution(at.tx, workspace_id, at.subject_id);
    HW_ASSERT(conversion && attribution && attribution->customer_id && attribution->link_id);
    auto customer = find_customer(at.tx, workspace_id, *attribution->customer_id);
    HW_ASSERT(customer.has_value());
    const auto totals = customer_totals(at.tx, workspace_id, *attribution->customer_id);
    return {std::move(*conversion), std::move(*attribution), {std::move(*customer), totals}};
}

json::object conversion_data(const Rendering& at, const Told& told, bool click_time_of_customer) {
    const auto& [conversion, attribution, customer] = told;
    auto customer_object = customer_json(customer);
    customer_object.erase("country");
    Touch touch;
    touch.at_ms = conversion.occurred_at_ms;
    if (attribution.touch_id) {
        const auto found = find_touch(at.tx, at.tx.workspace_id(), *attribution.touch_id);
        touch = found.value_or(touch);
        touch.touch_id = *attribution.touch_id;
    }
    const auto clicked_at_ms = click_time_of_customer
                                   ? customer.customer.clicked_at_ms.value_or(touch.at_ms)
                                   : touch.at_ms;
    json::object data{{"eventName", conversion.event_name},
                      {"customer", std::move(customer_object)},
                      {"click", click_json(touch, clicked_at_ms)},
                      {"link", link_of(at, *attribution.link_id)},
                      {"metadata", exact_or_null(conversion.metadata)}};
    const auto link = find_link(at.tx, at.tx.workspace_id(), *attribution.link_id);
    auto partner = link ? event_partner(at.tx, *link) : std::nullopt;
    if (partner) data["partner"] = std::move(*partner);
    return data;
}

// An event that is told by its subject alone.
template <json::object (*data_of)(Tx&, std::string_view)>
json::object data_by_subject(const Rendering& at) {
    return data_of(at.tx, at.subject_id);
}

json::object lead_data(const Rendering& at) {
    return conversion_data(at, told_of(at), false);
}

json::object sale_data(const Rendering& at) {
    const auto told = told_of(at);
    auto data = conversion_data(at, told, true);
    data["sale"] = sale_json(told.conversion);
    return data;
}

json::object ping_data(const Rendering& at) {
    const auto webhook = find_webhook(at.tx, at.tx.workspace_id(), at.subject_id);
    HW_ASSERT(webhook.has_value());
    return {{"webhook", json::object{{"id", webhook->webhook_id}, {"name", webhook->name}}}};
}

struct Kind {
    std::string_view name;
    json::object (*data)(const Rendering&);
};

constexpr std::array kKinds{
    Kind{"alert.delivery_dead", data_by_subject<delivery_dead_data>},
    Kind{"alert.status_changed", data_by_subject<status_changed_data>},
    Kind{"bounty.created", data_by_subject<bounty_data>},
    Kind{"bounty.updated", data_by_subject<bounty_data>},
    Kind{"campaign.triggered", data_by_subject<campaign_data>},
    Kind{"commission.created", data_by_subject<commission_data>},
    Kind{"discount_code.created", data_by_subject<discount_code_data>},
    Kind{"discount_code.deleted", data_by_subject<discount_code_data>},
    Kind{"lead.created", lead_data},
    Kind{kLinkClicked, click_data},
    Kind{"link.created", link_data},
    Kind{"link.deleted", link_data},
    Kind{"link.updated", link_data},
    Kind{"partner.application_submitted", data_by_subject<application_data>},
    Kind{"partner.enrolled", data_by_subject<enrolled_data>},
    Kind{"payout.confirmed", data_by_subject<payout_data>},
    Kind{"sale.created", sale_data},
    Kind{kWebhookPing, ping_data},
};
static_assert(kKinds.size() == kWebhookEvents.size() + 1);

}  // namespace

std::string JsonEventPayloads::render(Tx& tx, std::string_view kind, std::string_view subject_id) {
    const auto found = std::ranges::find(kKinds, kind, &Kind::name);
    HW_ASSERT(found != kKinds.end());
    return serialize_exact(found->data({tx, subject_id, server_url_}));
}

}  // namespace hw
