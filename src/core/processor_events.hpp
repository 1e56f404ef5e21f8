// SPDX-License-Identifier: Apache-2.0
// Which events of each payment processor have to be selected where its webhooks are set up.
#pragma once

#include <span>
#include <string_view>

namespace hw {

struct ProcessorEvent {
    std::string_view provider;
    std::string_view type;  // as the inbox has it
    // Tells of money that came in. Every shop sees one of these of its processor sooner or later;
    // others may stay away for long, because nobody asks for money back or subscribes.
    bool payment = false;
};

std::span<const ProcessorEvent> processor_events();

}  // namespace hw
