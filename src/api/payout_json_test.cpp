// SPDX-License-Identifier: Apache-2.0
#include "api/payout_json.hpp"

#include <gtest/gtest.h>

namespace hw {
namespace {

TEST(PayoutJson, AReasonIsShownWhenItFailed) {
    struct Row {
        std::string status;
        std::string reason;
        std::string expected;
    };
    const Row rows[] = {{"failed", "account closed", R"("account closed")"},
                        {"failed", "", "null"},
                        {"canceled", "a mistake", "null"},
                        {"completed", "", "null"}};
    for (const auto& row : rows) {
        PayoutView view;
        view.listed.step.status = row.status;
        view.listed.step.reason = row.reason;
        const auto out = payout_json(view);
        EXPECT_EQ(json::serialize(out.at("failureReason")), row.expected) << row.status;
        EXPECT_EQ(out.at("status"), json::value(row.status));
    }
}

}  // namespace
}  // namespace hw
