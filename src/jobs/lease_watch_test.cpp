// SPDX-License-Identifier: Apache-2.0
#include "jobs/lease_watch.hpp"

#include <gtest/gtest.h>

namespace hw {
namespace {

RunningJob running(std::string lease, std::int64_t beat) {
    return {"ws", "job", std::move(lease), beat, 100};
}

TEST(LeaseWatch, LostIsWhoWasSilentForAsLongAsTheLease) {
    struct Row {
        std::int64_t at_ms;
        std::vector<RunningJob> running;
        std::size_t expected;
    };
    const Row rows[] = {
        {1'000, {running("a", 0)}, 0},  // seen for the first time, however long it ran
        {1'099, {running("a", 0)}, 0}, {1'100, {running("a", 1)}, 0},  // a sign of life
        {1'199, {running("a", 1)}, 0}, {1'200, {running("a", 1)}, 1},
        {1'201, {running("b", 1)}, 0},                  // somebody else has it
        {1'300, {running("b", 1)}, 0}, {1'301, {}, 0},  // settled
        {1'302, {running("b", 1)}, 0},                  // forgotten, so seen anew
        {1'401, {running("b", 1)}, 0}, {1'402, {running("b", 1)}, 1},
    };
    LeaseWatch watch;
    for (const auto& row : rows) {
        EXPECT_EQ(watch.find_lost(row.running, row.at_ms).size(), row.expected) << row.at_ms;
    }
}

}  // namespace
}  // namespace hw
