// SPDX-License-Identifier: Apache-2.0
#include "core/payment_provider.hpp"

#include <algorithm>

#include "base/ascii.hpp"

namespace hw {

std::string_view InboundMessage::header(std::string_view name) const {
    for (const auto& [key, value] : headers) {
        if (ascii_lower(key) == ascii_lower(name)) return value;
    }
    return {};
}

const PaymentProvider* find_provider(const PaymentProviders& providers, std::string_view name) {
    const auto found = std::ranges::find(providers, name, &PaymentProvider::name);
    return found == providers.end() ? nullptr : *found;
}

}  // namespace hw
