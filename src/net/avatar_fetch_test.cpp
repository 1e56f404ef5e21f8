// SPDX-License-Identifier: Apache-2.0
// Avatars from the customer to the stored copy, over the real client and a host that misbehaves.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/limits.hpp"
#include "core/create_customer.hpp"
#include "jobs/avatar_image.hpp"
#include "jobs/runner.hpp"
#include "net/http_client.hpp"
#include "store/customers.hpp"
#include "tests/fixture/engine_test.hpp"
#include "tests/peers/image_host.hpp"
#include "tests/peers/pictures.hpp"
#include "tests/wait_for.hpp"

namespace hw {
namespace {

using End = HostAnswer::End;

class AvatarFetchTest : public EngineTest {
  protected:
    AvatarFetchTest() : own_(own_database(GetParam())) { db = open({.url = own_.url}); }
    ~AvatarFetchTest() override { db.reset(); }

    std::string make_customer(const std::string& external_id, const std::string& avatar) {
        return write([&](Tx& tx) -> Result<std::string> {
                   NewCustomer wanted;
                   wanted.external_id = external_id;
                   wanted.avatar = avatar;
                   Link link;
                   link.workspace_id = workspace_id;
                   link.link_id = "link_1";
                   return create_customer(tx, wanted, &link, nullptr).customer_id;
               })
            .value();
    }
    std::optional<std::string> avatar_of(const std::string& customer_id) {
        return read([&](Tx& tx) -> Result<std::optional<std::string>> {
                   return find_customer(tx, workspace_id, customer_id).value().avatar;
               })
            .value();
    }
    std::optional<Avatar> copy_of(const std::string& customer_id) {
        return read([&](Tx& tx) -> Result<std::optional<Avatar>> {
                   return find_avatar(tx, workspace_id, customer_id);
               })
            .value();
    }

    OwnDatabase own_;
};

TEST_P(AvatarFetchTest, EveryCustomerEndsWithOurCopyOrNone) {
    struct Row {
        std::string path;
        HostAnswer answer;
        bool copied;
    };
    const std::string head = "HTTP/1.1 200 OK\r\nConnection: close\r\n";
    const auto png = some_picture();
    const auto length = [](std::size_t size) {
        return "Content-Length: " + std::to_string(size) + "\r\n\r\n";
    };
    const std::vector<Row> rows = {
        {"/png", {http_answer(200, png)}, true},
        {"/jpeg", {http_answer(200, some_picture("jpeg"), "image/jpeg")}, true},
        {"/called-text", {http_answer(200, some_picture("gif"), "text/plain")}, true},
        {"/until-close", {head + "\r\n" + png}, true},
        {"/gone", {http_answer(404, png)}, false},
        {"/moved", {http_answer(302, "", "text/html", "Location: /png\r\n")}, false},
        {"/html", {http_answer(200, "<html></html>", "image/png")}, false},
        {"/bomb", {http_answer(200, bomb_header("png", 60'000, 60'000))}, false},
        {"/huge", {head + length(limits::kAvatarBytesMax + 1), End::Drip}, false},
        {"/huge-unannounced",
         {head + "\r\n" + std::string(limits::kAvatarBytesMax + 1, 'x')},
         false},
        {"/says-more", {head + length(png.size() + 1) + png}, false},
        {"/reset", {head + length(png.size()) + png.substr(0, 50), End::Reset}, false},
        {"/error", {http_answer(500, "")}, false},
    };
    ImageHost host([&](const std::string& request) -> HostAnswer {
        for (const auto& row : rows) {
            if (request.starts_with("GET " + row.path + " ")) return row.answer;
        }
        return {http_answer(418, "")};
    });
    std::vector<std::string> customers;
    for (const auto& row : rows) customers.push_back(make_customer(row.path, host.url(row.path)));

    CurlHttpClient http({.allowed_ranges = {AddressRange::parse("127.0.0.1").value()}});
    JobRunner runner(*db, http,
                     {.public_url = "https://headwater.example",
                      .period_ms = 5,
                      .attempts_max = 2,
                      .backoff_first_ms = 1});
    runner.start();
    const auto all = static_cast<std::int64_t>(rows.size());
    EXPECT_TRUE(wait_for([&] {
        env.advance_ms(1);
        return runner.stats().done + runner.stats().dead == all;
    }));
    runner.stop();
    for (std::size_t i = 0; i < rows.size(); ++i) {
        SCOPED_TRACE(rows[i].path);
        const auto copy = copy_of(customers[i]);
        EXPECT_EQ(avatar_of(customers[i]).has_value(), rows[i].copied);
        ASSERT_EQ(copy.has_value(), rows[i].copied);
        if (!copy) continue;
        EXPECT_EQ(read_image_header(copy->image)->width, limits::kAvatarSize);
    }
}

TEST_P(AvatarFetchTest, OwnAddressesAreNotForMerchants) {
    ImageHost host({http_answer(200, some_picture())});
    const auto customer = make_customer("ext", host.url("/png"));
    CurlHttpClient http;
    JobRunner runner(*db, http, {});
    EXPECT_EQ(runner.step(), 1);
    EXPECT_EQ(avatar_of(customer), std::nullopt);
    EXPECT_EQ(runner.stats().dead, 1);
    EXPECT_TRUE(host.requests().empty());
}

HW_ON_BOTH_ENGINES(AvatarFetchTest);

}  // namespace
}  // namespace hw
