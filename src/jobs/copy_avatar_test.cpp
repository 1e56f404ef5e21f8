// SPDX-License-Identifier: Apache-2.0
#include "jobs/copy_avatar.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "base/limits.hpp"
#include "core/create_customer.hpp"
#include "jobs/avatar_image.hpp"
#include "jobs/runner.hpp"
#include "store/customers.hpp"
#include "store/job_list.hpp"
#include "tests/fixture/engine_test.hpp"
#include "tests/peers/pictures.hpp"

namespace hw {
namespace {

class FakeHttp final : public HttpClient {
  public:
    Result<HttpResponse> send(const HttpRequest& request) override {
        requests.push_back(request);
        if (meanwhile) meanwhile();
        return answer;
    }

    Result<HttpResponse> answer = HttpResponse{};
    std::vector<HttpRequest> requests;
    std::function<void()> meanwhile{};
};

constexpr auto kPublicUrl = "https://headwater.example";
constexpr auto kPictureUrl = "https://merchant.example/face.jpg?size=2";

class CopyAvatarTest : public EngineTest {
  protected:
    CopyAvatarTest() : own_(own_database(GetParam())) {
        db = open({.url = own_.url});
        link.workspace_id = workspace_id;
        link.link_id = "link_1";
        runner = std::make_unique<JobRunner>(*db, http, JobRunnerOptions{.public_url = kPublicUrl});
    }
    ~CopyAvatarTest() override {
        runner.reset();
        db.reset();
    }

    void answer(int status, std::string body) {
        http.answer = HttpResponse{.status = status, .body = std::move(body)};
    }
    void refuse(ErrorCode code, std::string reason) {
        http.answer = fail(code, "What happened.", std::move(reason));
    }

    Customer make_customer(const std::string& avatar = kPictureUrl) {
        return write([&](Tx& tx) -> Result<Customer> {
                   NewCustomer wanted;
                   wanted.external_id = "ext_1";
                   wanted.avatar = avatar;
                   return create_customer(tx, wanted, &link, nullptr);
               })
            .value();
    }
    Customer stored() {
        return write([&](Tx& tx) -> Result<Customer> {
                   return find_customer_by_external_id(tx, workspace_id, "ext_1").value();
               })
            .value();
    }
    std::optional<Avatar> copy_of(const Customer& customer) {
        return read([&](Tx& tx) -> Result<std::optional<Avatar>> {
                   return find_avatar(tx, workspace_id, customer.customer_id);
               })
            .value();
    }
    void set_avatar(const Customer& customer, const char* avatar) {
        const auto set = write([&](Tx& tx) -> Result<bool> {
            set_customer_avatar(tx, workspace_id, customer.customer_id, avatar);
            return true;
        });
        HW_ASSERT(set.has_value());
    }
    void queue(const std::string& customer_id) {
        const auto queued = write([&](Tx& tx) -> Result<bool> {
            insert_job(tx, {.kind = std::string(kCopyAvatarJob),
                            .subject_id = customer_id,
                            .payload = kPictureUrl});
            return true;
        });
        HW_ASSERT(queued.has_value());
    }
    // Goes on until no job is left, however long that takes.
    void run_out() {
        while (runner->step() > 0) env.advance_ms(3'600'000);
    }

    OwnDatabase own_;
    Link link;
    FakeHttp http;
    std::unique_ptr<JobRunner> runner;
};

TEST_P(CopyAvatarTest, TheCustomerGetsOurCopy) {
    answer(200, some_picture("jpeg"));
    const auto customer = make_customer();
    EXPECT_EQ(stored().avatar, kPictureUrl) << "until the job has run";
    EXPECT_EQ(runner->step(), 1);
    ASSERT_EQ(http.requests.size(), 1);
    EXPECT_EQ(http.requests[0].method, "GET");
    EXPECT_EQ(http.requests[0].url, kPictureUrl);
    EXPECT_EQ(http.requests[0].timeout_ms, 10'000);
    EXPECT_EQ(http.requests[0].max_response_bytes, limits::kAvatarBytesMax);
    EXPECT_EQ(stored().avatar, std::string(kPublicUrl) + "/avatars/" + workspace_id + "/" +
                                   customer.customer_id + ".png");
    const auto copy = copy_of(customer);
    ASSERT_TRUE(copy.has_value());
    EXPECT_EQ(copy->content_type, "image/png");
    EXPECT_EQ(read_image_header(copy->image)->width, limits::kAvatarSize);
    EXPECT_EQ(read_image_header(copy->image)->height, limits::kAvatarSize);
    EXPECT_EQ(runner->step(), 0);
}

TEST_P(CopyAvatarTest, WithoutAPictureTheCustomerStays) {
    struct Row {
        Result<HttpResponse> answer;
        std::size_t attempts;
    };
    const auto status = [](int code, std::string body = "") {
        return Result<HttpResponse>(HttpResponse{.status = code, .body = std::move(body)});
    };
    const auto error = [](ErrorCode code, const char* reason) -> Result<HttpResponse> {
        return fail(code, "What happened.", reason);
    };
    const std::size_t all = JobRunnerOptions{}.attempts_max;
    const std::vector<Row> rows = {
        {status(404), 1},
        {status(403), 1},
        {status(410), 1},
        {status(301), 1},
        {status(200, "<html>no picture</html>"), 1},
        {status(200, ""), 1},
        {status(200, bomb_header("png", 50'000, 50'000)), 1},
        {status(200, some_picture().substr(0, 60)), 1},
        {error(ErrorCode::Forbidden, "address_refused"), 1},
        {error(ErrorCode::BadRequest, "bad_request"), 1},
        {error(ErrorCode::PayloadTooLarge, "response_too_large"), 1},
        {error(ErrorCode::Unavailable, "timeout"), all},
        {error(ErrorCode::Unavailable, "host_not_found"), all},
        {error(ErrorCode::Unavailable, "connection_failed"), all},
        {status(500), all},
        {status(503), all},
        {status(429), all},
        {status(408), all},
    };
    const auto customer = make_customer();
    answer(404, "");
    run_out();
    for (const auto& row : rows) {
        const auto name =
            row.answer ? "status " + std::to_string(row.answer->status) : row.answer.error().reason;
        SCOPED_TRACE(name);
        set_avatar(customer, kPictureUrl);
        queue(customer.customer_id);
        http.requests.clear();
        http.answer = row.answer;
        run_out();
        EXPECT_EQ(http.requests.size(), row.attempts);
        const auto after = stored();
        EXPECT_EQ(after.avatar, std::nullopt);
        EXPECT_EQ(after.name, customer.name);
        EXPECT_FALSE(copy_of(customer).has_value());
    }
    EXPECT_EQ(runner->stats().dead, rows.size() + 1);
}

TEST_P(CopyAvatarTest, KeepsTheReason) {
    refuse(ErrorCode::Forbidden, "address_refused");
    make_customer();
    const auto job =
        write([&](Tx& tx) -> Result<Job> {
            return claim_jobs(tx, {.workspace_id = workspace_id, .lease = tx.new_id("lease_")})
                .at(0);
        }).value();
    EXPECT_EQ(runner->step(), 1);
    const auto state = read([&](Tx& tx) -> Result<JobState> {
        return find_job_state(tx, workspace_id, job.job_id).value();
    });
    EXPECT_EQ(state->state, "dead");
    EXPECT_EQ(state->last_error, "address_refused: What happened.");
}

TEST_P(CopyAvatarTest, ATemporaryFailurePasses) {
    refuse(ErrorCode::Unavailable, "timeout");
    const auto customer = make_customer();
    EXPECT_EQ(runner->step(), 1);
    EXPECT_EQ(stored().avatar, kPictureUrl);
    answer(200, some_picture("webp"));
    env.advance_ms(60'000);
    EXPECT_EQ(runner->step(), 1);
    EXPECT_TRUE(copy_of(customer).has_value());
}

TEST_P(CopyAvatarTest, AnotherPictureMeanwhileIsLeftAlone) {
    const auto customer = make_customer();
    answer(404, "");
    run_out();
    for (const int status : {200, 404}) {
        set_avatar(customer, kPictureUrl);
        queue(customer.customer_id);
        answer(status, some_picture());
        http.meanwhile = [&] { set_avatar(customer, "https://merchant.example/new.png"); };
        run_out();
        EXPECT_EQ(stored().avatar, "https://merchant.example/new.png") << status;
        EXPECT_FALSE(copy_of(customer).has_value()) << status;
    }
}

TEST_P(CopyAvatarTest, ACustomerThatIsGoneNeedsNoPicture) {
    queue("cus_gone");
    answer(200, some_picture());
    EXPECT_EQ(runner->step(), 1);
    EXPECT_EQ(runner->stats().done, 1);
    const auto copy = read([&](Tx& tx) -> Result<bool> {
        return find_avatar(tx, workspace_id, "cus_gone").has_value();
    });
    EXPECT_FALSE(*copy);
}

HW_ON_BOTH_ENGINES(CopyAvatarTest);

}  // namespace
}  // namespace hw
