// SPDX-License-Identifier: Apache-2.0
#include "api/call.hpp"

#include "tests/fixture/engine_test.hpp"

namespace hw {
namespace {

class AnswerOnceTest : public EngineTest {
  protected:
    Answer tell(const std::string& key, const std::string& body, const std::string& reason = {}) {
        return write([&](Tx& tx) {
                   return answer_once(tx, "invoice", key, body, [&]() -> Result<Answer> {
                       auto answer = json_answer("answer " + std::to_string(++worked));
                       answer.reason = reason;
                       return answer;
                   });
               })
            .value();
    }
    int worked = 0;
};

TEST_P(AnswerOnceTest, TheFirstAnswerStandsForEver) {
    EXPECT_EQ(tell("k", "body").body, "answer 1");
    env.advance_ms(std::int64_t{400} * 86'400'000);
    const auto again = tell("k", "body");
    EXPECT_EQ(again.body, "answer 1");
    EXPECT_EQ(again.headers.front().first, "Idempotent-Replayed");
    EXPECT_EQ(tell("other", "body").body, "answer 2");
    EXPECT_EQ(worked, 2);
}

TEST_P(AnswerOnceTest, OtherContentGetsTheSameAnswerAndAHeader) {
    tell("k", "body");
    const auto again = tell("k", "another body");
    EXPECT_EQ(again.body, "answer 1");
    EXPECT_EQ(again.headers.back().first, "Idempotency-Mismatch");
}

TEST_P(AnswerOnceTest, WhatDidNotStandIsDoneAgain) {
    EXPECT_EQ(tell("k", "body", "orphan").body, "answer 1");
    EXPECT_EQ(tell("k", "body").body, "answer 2");
    EXPECT_EQ(tell("k", "body").body, "answer 2");
}

HW_ON_BOTH_ENGINES(AnswerOnceTest);

}  // namespace
}  // namespace hw
