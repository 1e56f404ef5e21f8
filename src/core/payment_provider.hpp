// SPDX-License-Identifier: Apache-2.0
// What a connector knows about one payment processor: who signed a delivery, which event it is, and
// what it says. The composition of the program hands them to whoever receives and processes.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "store/payment_facts.hpp"

namespace hw {

// One delivery as it came: the very bytes, and the headers that were kept.
struct InboundMessage {
    std::string body;
    std::vector<std::pair<std::string, std::string>> headers;
    std::int64_t received_at_ms = 0;

    // Without regard to case; empty when absent.
    std::string_view header(std::string_view name) const;
};

struct DeliveryHead {
    std::string delivery_id;  // of the processor, the same when it sends the event again
    std::string event_type;
    bool test = false;
    bool tells_mode = true;  // false: test deliveries look like others, so the connection says it
    bool thin = false;       // names an object and says nothing about it
    // The connected account of a platform that it is about; empty: none.
    std::string account{};
    std::string api_version{};                   // empty: not told
    std::optional<std::int64_t> signed_at_ms{};  // as the signature covers it
};

class PaymentProvider {
  public:
    virtual ~PaymentProvider() = default;
    virtual std::string_view name() const = 0;  // in URLs and rows: "stripe"

    // Besides Content-Type and User-Agent, these headers are kept.
    virtual std::span<const std::string_view> kept_headers() const = 0;

    // Which of the secrets signed it, its age judged at its receipt. The reason of an Error is a
    // word of the processor's connector.
    virtual Result<std::size_t> verify(const InboundMessage& message,
                                       std::span<const std::string> secrets) const = 0;

    // BadRequest for what is no event at all.
    virtual Result<DeliveryHead> read_head(const InboundMessage& message) const = 0;

    // Nothing for an event that says nothing of interest.
    virtual Result<std::vector<PaymentFact>> read_facts(const InboundMessage& message) const = 0;
};

// Everybody whose deliveries this program reads.
inline constexpr std::array<std::string_view, 5> kPaymentProviderNames = {
    "stripe", "lemon_squeezy", "paddle", "polar", "shopify"};

using PaymentProviders = std::vector<const PaymentProvider*>;

// Null for a name that nobody has.
const PaymentProvider* find_provider(const PaymentProviders& providers, std::string_view name);

}  // namespace hw
