// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <boost/json.hpp>

#include <vector>

#include "tests/fixture/engine_test.hpp"
#include "tests/fixture/headwater_process.hpp"

namespace hw {
namespace {

namespace json = boost::json;

// A running demo, from its start to its last printed line.
class RunningDemo {
  public:
    explicit RunningDemo(const std::string& database)
        : process_({.argv = {headwater_path(), "demo", "--listen", "127.0.0.1:0", "--database",
                             database}}) {
        started = process_.wait_for_line("Ctrl-C stops it.").has_value();
        text = process_.output();
    }

    // The printed lines that are commands, in order.
    std::vector<std::string> commands() const {
        std::vector<std::string> found;
        std::istringstream lines(text);
        for (std::string line; std::getline(lines, line);) {
            if (line.starts_with("click=") || line.starts_with("curl ")) found.push_back(line);
        }
        return found;
    }

    int stop() {
        process_.send_signal(SIGTERM);
        return process_.wait().value_or(-1);
    }

    bool started = false;
    std::string text;

  private:
    ChildProcess process_;
};

// Pastes the lines into one bash, and gives what each of them printed.
std::vector<std::string> paste(const std::vector<std::string>& commands) {
    std::string script;
    for (const auto& command : commands) script += command + "\n";
    const auto ran = run_program({"bash"}, {.stdin_text = script});
    EXPECT_EQ(ran.exit_code, 0) << ran.err;
    std::vector<std::string> lines;
    std::istringstream out(ran.out);
    for (std::string line; std::getline(out, line);) lines.push_back(line);
    return lines;
}

// The three lines work, and the explanation names the click, the link and the rung; so does the
// explain command.
void expect_explained(const RunningDemo& demo, const std::string& database) {
    const auto commands = demo.commands();
    ASSERT_EQ(commands.size(), 3U) << demo.text;
    const auto printed = paste(commands);
    ASSERT_EQ(printed.size(), 3U);
    const std::string mark = "dub_id=";
    ASSERT_TRUE(printed[0].starts_with(mark)) << printed[0];
    const auto click_id = printed[0].substr(mark.size());
    EXPECT_EQ(click_id.size(), 16U) << printed[0];

    const auto sale = json::parse(printed[1]).as_object();
    ASSERT_TRUE(sale.contains("sale")) << printed[1];
    EXPECT_EQ(sale.at("sale").at("currency").as_string(), "usd") << "starter rates convert it";

    const auto explained = json::parse(printed[2]);
    const auto& decision = explained.at("attribution");
    EXPECT_EQ(decision.at("rung").as_string(), "click_id");
    EXPECT_EQ(decision.at("clickId").as_string(), click_id);
    EXPECT_EQ(decision.at("linkId"), explained.at("link").at("id"));
    EXPECT_EQ(explained.at("link").at("key").as_string(), "summer");
    EXPECT_EQ(explained.at("conversion").at("fxSource").as_string(), "starter");

    const auto invoice = std::string(explained.at("conversion").at("invoiceId").as_string());
    const auto ran = run_headwater({"explain", invoice, "--database", database});
    EXPECT_EQ(ran.exit_code, 0) << ran.err;
    EXPECT_TRUE(ran.out.contains("rung click_id, confidence certain")) << ran.out;
    EXPECT_TRUE(ran.out.contains("click " + click_id)) << ran.out;
    EXPECT_TRUE(ran.out.contains("/summer)")) << ran.out;
}

class DemoTest : public ::testing::TestWithParam<EngineKind> {};

TEST_P(DemoTest, ThePrintedLinesWorkAndSoTheyDoAfterAnotherStart) {
    const auto own = own_database(GetParam(), false);
    std::string first_text;
    {
        RunningDemo demo(own.url);
        ASSERT_TRUE(demo.started) << demo.text;
        expect_explained(demo, own.url);
        EXPECT_TRUE(demo.text.contains("/setup/")) << demo.text;
        EXPECT_FALSE(demo.text.contains("127.0.0.1:0")) << "the port that was taken is printed";
        first_text = demo.text;
        EXPECT_EQ(demo.stop(), 0);
    }
    RunningDemo demo(own.url);
    ASSERT_TRUE(demo.started) << demo.text;
    expect_explained(demo, own.url);
    EXPECT_EQ(demo.stop(), 0);
    const auto keys = run_headwater({"keys", "list", "--database", own.url});
    EXPECT_EQ(std::ranges::count(keys.out, '\n'), 1) << "each start replaces the demo's key";
}

TEST_P(DemoTest, SaysWhenTheDomainIsAnothers) {
    const auto own = own_database(GetParam(), false);
    const auto seeded =
        run_headwater({"seed", "-", "--database", own.url},
                      {.stdin_text = R"({"workspaces":[{"slug":"a","domains":["127.0.0.1"]}]})"});
    ASSERT_EQ(seeded.exit_code, 0) << seeded.err;
    const auto ran = run_headwater({"demo", "--listen", "127.0.0.1:0", "--database", own.url});
    EXPECT_EQ(ran.exit_code, 1);
    EXPECT_TRUE(ran.err.contains("'127.0.0.1' belongs to another workspace")) << ran.err;
    EXPECT_TRUE(ran.err.contains("--listen")) << ran.err;
}

HW_ON_BOTH_ENGINES(DemoTest);

TEST(Demo, RefusesAnAddressThatIsNone) {
    const TempDir folder;
    const auto ran =
        run_headwater({"demo", "--listen", "8080", "--database", "sqlite:" + (folder / "a.db")});
    EXPECT_EQ(ran.exit_code, 2);
    EXPECT_TRUE(ran.err.contains("'8080' is not HOST:PORT")) << ran.err;
}

}  // namespace
}  // namespace hw
