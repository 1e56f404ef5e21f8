// SPDX-License-Identifier: Apache-2.0
#include "tests/child_process.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <system_error>
#include <thread>

#include "tests/temp_dir.hpp"
#include "tests/wait_for.hpp"

namespace hw {
namespace {

ChildOptions shell(const std::string& script) {
    return {.argv = {"sh", "-c", script}};
}

TEST(ChildProcess, GivesTheExitCode) {
    const struct {
        const char* script;
        int code;
    } rows[] = {
        {"exit 0", 0},
        {"exit 7", 7},
        {"kill -TERM $$", 128 + SIGTERM},
    };
    for (const auto& row : rows) {
        ChildProcess child(shell(row.script));
        EXPECT_EQ(child.wait(), row.code) << row.script;
        EXPECT_FALSE(child.running()) << row.script;
    }
}

TEST(ChildProcess, CapturesLinesOfStdout) {
    ChildProcess child(shell("echo one; echo listening on 127.0.0.1:80; echo three; exec cat"));
    EXPECT_EQ(child.wait_for_line("listening"), "listening on 127.0.0.1:80");
    EXPECT_EQ(child.wait_for_line("one"), "one");
    EXPECT_TRUE(child.output().starts_with("one\nlistening"));
}

TEST(ChildProcess, GivesUpOnALineWhenTheChildEnds) {
    ChildProcess child(shell("echo something"));
    EXPECT_EQ(child.wait_for_line("else"), std::nullopt);
}

TEST(ChildProcess, PassesEnvironmentAndDirectory) {
    const TempDir folder;
    auto options = shell("echo $HW_COLOUR; pwd; env | grep -c '^PATH='");
    options.env = {"HW_COLOUR=blue", "PATH=" + std::string(std::getenv("PATH"))};
    options.directory = folder.path();
    ChildProcess child(options);
    ASSERT_EQ(child.wait(), 0);
    EXPECT_TRUE(child.wait_for_line("1").has_value());
    EXPECT_EQ(child.output(), "blue\n" + folder.path().string() + "\n1\n");
}

TEST(ChildProcess, WritesALogFile) {
    const TempDir folder;
    auto options = shell("echo to stdout; echo to stderr >&2");
    options.log_file = folder / "log";
    ChildProcess child(options);
    ASSERT_EQ(child.wait(), 0);
    std::ifstream log(options.log_file);
    EXPECT_EQ(std::string(std::istreambuf_iterator<char>(log), {}), "to stdout\nto stderr\n");
}

TEST(ChildProcess, KillHardLeavesNothing) {
    ChildProcess child(shell("trap '' TERM; echo ready; while :; do read x; done < /dev/zero"));
    ASSERT_TRUE(child.wait_for_line("ready").has_value());
    child.send_signal(SIGTERM);
    EXPECT_TRUE(child.running());
    child.kill_hard();
    EXPECT_EQ(child.wait(), 128 + SIGKILL);
    EXPECT_FALSE(is_alive(child.pid()));
}

TEST(ChildProcess, SaysWhenTheProgramIsMissing) {
    EXPECT_THROW(ChildProcess({.argv = {"/no/such/program"}}), std::system_error);
}

TEST(ChildProcess, OutlivesTheThreadThatStartedIt) {
    std::unique_ptr<ChildProcess> child;
    std::thread([&] {
        child =
            std::make_unique<ChildProcess>(shell("echo up; exec cat < /dev/zero "
                                                 "> /dev/null"));
    }).join();
    ASSERT_TRUE(child->wait_for_line("up").has_value());
    EXPECT_TRUE(child->running());
}

// The owner is another process, which starts a child and is killed without a word.
TEST(ChildProcess, DiesWithItsOwner) {
    const TempDir folder;
    const std::string file = folder / "pid";
    const pid_t owner = ::fork();
    if (owner == 0) {
        ChildProcess child({.argv = {"cat", "/dev/zero"}, .log_file = "/dev/null"});
        std::ofstream(file + ".new") << child.pid() << '\n';
        std::filesystem::rename(file + ".new", file);
        for (;;) ::pause();
    }
    ASSERT_TRUE(wait_for([&] { return std::filesystem::exists(file); }));
    pid_t child = 0;
    std::ifstream(file) >> child;
    EXPECT_TRUE(is_alive(child));
    ::kill(owner, SIGKILL);
    EXPECT_TRUE(wait_for([&] { return !is_alive(child); }));
    ::kill(child, SIGKILL);
}

TEST(TempDir, GoesAwayWithItsContents) {
    std::filesystem::path path;
    {
        const TempDir folder("hw-test-");
        path = folder.path();
        std::ofstream(folder / "file") << "text";
        EXPECT_TRUE(std::filesystem::exists(folder / "file"));
    }
    EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(WaitFor, TellsWhetherTheConditionCameTrue) {
    int calls = 0;
    EXPECT_TRUE(wait_for([&] { return ++calls == 3; }));
    EXPECT_FALSE(wait_for([] { return false; }, std::chrono::milliseconds(5)));
}

}  // namespace
}  // namespace hw
