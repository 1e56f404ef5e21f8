// SPDX-License-Identifier: Apache-2.0
#include "core/keep_customer.hpp"

#include "tests/fixture/engine_test.hpp"
#include "tests/fixture/facts.hpp"

namespace hw {
namespace {

class KeepCustomerTest : public EngineTest {
  protected:
    KeepCustomerTest() { db = open({.url = url}); }

    auto add(const CustomerFields& fields) {
        return write([&](Tx& tx) { return add_customer(tx, fields); });
    }
    std::int64_t copies() {
        return *read([](Tx& tx) -> Result<std::int64_t> { return count_jobs(tx, "copy_avatar"); });
    }
};

TEST_P(KeepCustomerTest, AvatarsAreCopiedWhenTheyAreNew) {
    CustomerFields fields;
    fields.external_id = "ann";
    fields.avatar = "https://a.example/1.png";
    ASSERT_TRUE(add(fields));
    EXPECT_EQ(copies(), 1);
    const auto again = write([&](Tx& tx) { return change_customer(tx, "ext_ann", fields); });
    ASSERT_TRUE(again);
    EXPECT_EQ(copies(), 1);
    fields.avatar = "https://a.example/2.png";
    ASSERT_TRUE(write([&](Tx& tx) { return change_customer(tx, "ext_ann", fields); }));
    EXPECT_EQ(copies(), 2);
}

TEST_P(KeepCustomerTest, ANamelessCustomerIsNamed) {
    CustomerFields fields;
    fields.external_id = "ann";
    const auto made = add(fields);
    ASSERT_TRUE(made);
    EXPECT_FALSE(made->customer.name.empty());
    fields.external_id = "bob";
    fields.email = "bob@shop.example";
    EXPECT_EQ(add(fields)->customer.name, "bob@shop.example");
    EXPECT_EQ(add(fields).error().reason, "external_id_taken");
}

TEST_P(KeepCustomerTest, RemovingForgetsThePictureToo) {
    CustomerFields fields;
    fields.external_id = "ann";
    const auto id = add(fields)->customer.customer_id;
    ASSERT_TRUE(write([&](Tx& tx) -> Result<bool> {
        put_avatar(tx, workspace_id, id, {"image/png", "x"});
        return true;
    }));
    EXPECT_EQ(write([&](Tx& tx) { return remove_customer(tx, "ext_ann"); }), id);
    EXPECT_FALSE(*read(
        [&](Tx& tx) -> Result<bool> { return find_avatar(tx, workspace_id, id).has_value(); }));
    EXPECT_EQ(write([&](Tx& tx) { return remove_customer(tx, id); }).error().code,
              ErrorCode::NotFound);
}

HW_ON_BOTH_ENGINES(KeepCustomerTest);

}  // namespace
}  // namespace hw
