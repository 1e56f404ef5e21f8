// SPDX-License-Identifier: Apache-2.0
// Commands that change the database of a running server: it follows without a restart.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <charconv>

#include "tests/fixture/engine_test.hpp"
#include "tests/fixture/headwater_process.hpp"
#include "tests/raw_http.hpp"
#include "tests/wait_for.hpp"

namespace hw {
namespace {

class LiveChangesTest : public ::testing::TestWithParam<EngineKind> {
  protected:
    LiveChangesTest() {
        EXPECT_EQ(run({"workspaces", "create", "acme"}).exit_code, 0);
        server_ = std::make_unique<ChildProcess>(
            ChildOptions{.argv = {"/bin/sh", "-c", "exec \"$0\" \"$@\" 2>&1", headwater_path(),
                                  "serve", "--listen", "127.0.0.1:0", "--database", own_.url}});
        const auto line = server_->wait_for_line("\"listening\"").value_or("");
        const std::string mark = "127.0.0.1:";
        const auto at = line.find(mark);
        if (at != std::string::npos) {
            const auto* digits = line.data() + at + mark.size();
            std::from_chars(digits, line.data() + line.size(), port_);
        }
    }

    Ran run(std::vector<std::string> arguments, const std::string& stdin_text = {}) {
        arguments.insert(arguments.end(), {"--database", own_.url});
        return run_headwater(arguments, {.stdin_text = stdin_text});
    }

    int status(const std::string& host, const std::string& path, const std::string& key = {}) {
        RawClient client(port_);
        client.send(
            fmt::format("GET {} HTTP/1.1\r\nHost: {}\r\nUser-Agent: Mozilla/5.0\r\n"
                        "Authorization: Bearer {}\r\nConnection: close\r\n\r\n",
                        path, host, key));
        const auto answer = client.answer();
        return answer ? answer->status : 0;
    }

    OwnDatabase own_ = own_database(GetParam(), false);
    std::unique_ptr<ChildProcess> server_;
    std::uint16_t port_ = 0;
};

TEST_P(LiveChangesTest, ADeletedKeyStopsWorking) {
    ASSERT_NE(port_, 0) << server_->output();
    const auto made = run({"keys", "create"});
    ASSERT_EQ(made.exit_code, 0) << made.err;
    const auto secret = made.out.substr(0, made.out.find('\n'));
    const auto explain = [&] { return status("localhost", "/conversions/none/explain", secret); };
    EXPECT_TRUE(wait_for([&] { return explain() == 404; })) << explain();
    const auto id = made.err.substr(0, made.err.find(' '));
    ASSERT_EQ(run({"keys", "delete", id}).exit_code, 0);
    EXPECT_TRUE(wait_for([&] { return explain() == 401; })) << explain();
}

TEST_P(LiveChangesTest, ASeededLinkThatWasAskedForBeforeIsFound) {
    ASSERT_NE(port_, 0) << server_->output();
    const auto world = [](std::string_view links) {
        return fmt::format(
            R"({{"workspaces":[{{"slug":"acme","domains":["go.example"],"links":[{}]}}]}})", links);
    };
    ASSERT_EQ(run({"seed", "-"}, world("")).exit_code, 0);
    EXPECT_TRUE(wait_for([&] { return status("go.example", "/a") == 404; }));
    ASSERT_EQ(run({"seed", "-"}, world(R"({"key":"a","url":"https://x.example"})")).exit_code, 0);
    EXPECT_TRUE(wait_for([&] { return status("go.example", "/a") == 302; }));
}

HW_ON_BOTH_ENGINES(LiveChangesTest);

}  // namespace
}  // namespace hw
