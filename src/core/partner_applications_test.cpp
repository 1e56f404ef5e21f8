// SPDX-License-Identifier: Apache-2.0
#include "core/partner_applications.hpp"

#include "base/civil_time.hpp"
#include "core/programs.hpp"
#include "tests/fixture/engine_test.hpp"

namespace hw {
namespace {

class PartnerApplicationsTest : public EngineTest {
  protected:
    void SetUp() override {
        const auto made = write([](Tx& tx) {
            ProgramFields fields;
            fields.name = "Shop";
            return create_program(tx, fields);
        });
        HW_ASSERT(made.has_value());
    }
    Result<Application> apply() {
        env.advance_ms(1);  // ids of the same millisecond have no order
        return write([](Tx& tx) {
            NewPartner ann;
            ann.email = "ann@mail.example";
            return submit_application(tx, ann, "[]");
        });
    }
};

// When somebody who was rejected may ask again.
TEST_P(PartnerApplicationsTest, ApplyingAgain) {
    struct Row {
        std::string timeframe;
        std::int64_t after_ms;
        bool expected;
    };
    const Row rows[] = {{"instant", 0, true},
                        {"standard", 30 * kDayMs - 1, false},
                        {"standard", 30 * kDayMs, true},
                        {"never", 3'650 * kDayMs, false}};
    for (const auto& row : rows) {
        const auto applied = apply();
        ASSERT_TRUE(applied) << row.timeframe << ": " << applied.error().message;
        const auto repeated = apply();
        ASSERT_TRUE(repeated) << repeated.error().message;
        EXPECT_EQ(repeated->application.application_id, applied->application.application_id);
        const auto rejected = write([&](Tx& tx) {
            return reject_application(tx, {.partner_id = applied->applicant.partner.partner_id,
                                           .reason = "other",
                                           .note = {},
                                           .reapplication = row.timeframe,
                                           .fraud_flag = {}});
        });
        ASSERT_TRUE(rejected) << rejected.error().message;
        env.advance_ms(row.after_ms - 1);
        const auto again = apply();
        EXPECT_EQ(again.has_value(), row.expected) << row.timeframe;
        if (again) {
            write([&](Tx& tx) {
                return reject_application(tx, {.partner_id = again->applicant.partner.partner_id,
                                               .reason = {},
                                               .note = {},
                                               .reapplication = "instant",
                                               .fraud_flag = {}});
            });
        }
    }
}

HW_ON_BOTH_ENGINES(PartnerApplicationsTest);

}  // namespace
}  // namespace hw
