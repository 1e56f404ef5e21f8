// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/fixture/headwater_process.hpp"

namespace hw {
namespace {

// `migrate` makes the database, so which file there is afterwards tells which option counted.
class OptionSources : public ::testing::Test {
  protected:
    std::string url(std::string_view name) const { return "sqlite:" + (folder_ / name); }

    // A name of `flag`, `env` or `file` that is empty is left out.
    std::string made(std::string_view flag, std::string_view env, const std::string& file) {
        for (const auto* name : {"flag", "env", "file", "section", "headwater.db"}) {
            std::filesystem::remove(folder_ / name);
        }
        std::vector<std::string> arguments;
        if (!file.empty()) {
            write_file(folder_ / "headwater.toml", file);
            arguments = {"--config", folder_ / "headwater.toml"};
        }
        arguments.push_back("migrate");
        if (!flag.empty()) arguments.insert(arguments.end(), {"--database", url(flag)});
        RunOptions options{.directory = folder_.path().string()};
        if (!env.empty()) options.env.push_back("HEADWATER_DATABASE=" + url(env));
        const auto ran = run_headwater(arguments, options);
        EXPECT_EQ(ran.exit_code, 0) << ran.err;
        std::string names;
        for (const auto* name : {"flag", "env", "file", "section", "headwater.db"}) {
            if (std::filesystem::exists(folder_ / name)) names += name;
        }
        return names;
    }

    TempDir folder_;
};

TEST_F(OptionSources, FlagsThenEnvironmentThenFile) {
    const auto top = fmt::format("database = \"{}\"\n", url("file"));
    const auto section = fmt::format("[migrate]\ndatabase = \"{}\"\n", url("section"));
    const auto other = fmt::format("[serve]\ndatabase = \"{}\"\n", url("section"));
    struct Case {
        std::string_view flag;
        std::string_view env;
        std::string file;
        std::string_view expected;  // the database that was made
    };
    const Case cases[] = {
        {"", "", "", "headwater.db"},     {"", "", top, "file"},
        {"", "env", "", "env"},           {"", "env", top, "env"},
        {"flag", "", top, "flag"},        {"flag", "env", "", "flag"},
        {"flag", "env", top, "flag"},     {"", "", top + section, "section"},
        {"", "", section, "section"},     {"", "", top + other, "file"},
        {"", "", other, "headwater.db"},  {"", "env", section, "env"},
        {"flag", "env", section, "flag"},
    };
    for (const auto& row : cases) {
        EXPECT_EQ(made(row.flag, row.env, row.file), row.expected)
            << "flag '" << row.flag << "' env '" << row.env << "' file:\n"
            << row.file;
    }
}

TEST_F(OptionSources, TheFileMayComeFromTheEnvironment) {
    write_file(folder_ / "a.toml", fmt::format("database = \"{}\"\n", url("file")));
    const RunOptions there{.env = {"HEADWATER_CONFIG=" + (folder_ / "a.toml")}};
    EXPECT_EQ(run_headwater({"migrate"}, there).exit_code, 0);
    EXPECT_TRUE(std::filesystem::exists(folder_ / "file"));
    const RunOptions missing{.env = {"HEADWATER_CONFIG=" + (folder_ / "b.toml")}};
    EXPECT_EQ(run_headwater({"migrate"}, missing).exit_code, 2);
}

// Of nested commands, and kinds of values. `doctor` and `keys` show what they were given.
TEST_F(OptionSources, SectionsOfNestedCommands) {
    ASSERT_EQ(run_headwater({"workspaces", "create", "acme", "--database", url("a")}).exit_code, 0);
    write_file(folder_ / "a.toml",
               fmt::format("database = \"{}\"\n[keys.create]\nname = \"outer\"\n"
                           "scopes = \"links.read\"\n",
                           url("a")));
    const auto ran =
        run_headwater({"--config", folder_ / "a.toml", "keys", "create", "--name", "inner"});
    EXPECT_EQ(ran.exit_code, 0) << ran.err;
    EXPECT_TRUE(ran.err.contains("\"inner\" for acme with links.read")) << ran.err;
}

TEST_F(OptionSources, ServerOptionsOfEveryKind) {
    write_file(folder_ / "a.toml",
               fmt::format("[serve]\ndatabase = \"{}\"\nlisten = \"127.0.0.1:"
                           "0\"\nthreads = 1\npin_threads = false\n"
                           "log-level = \"info\"\nrate-limit-key = 0\n"
                           "rate_limit_publishable = 600\napp-host = [\"one.example\","
                           " \"two.example\"]\n",
                           url("a")));
    ChildProcess server({.argv = {"/bin/sh", "-c", "exec \"$0\" \"$@\" 2>&1", headwater_path(),
                                  "--config", folder_ / "a.toml", "serve"}});
    EXPECT_TRUE(server.wait_for_line("\"listening\"").has_value()) << server.output();
    server.send_signal(SIGTERM);
    EXPECT_EQ(server.wait(), 0);
}

TEST_F(OptionSources, RateLimitsAreWholeNumbers) {
    struct Case {
        std::string_view name;
        std::string_view value;
        bool expected;
    };
    constexpr Case kCases[] = {
        {"KEY", "-1", false},        {"TRACK", "many", false},     {"ANALYTICS", "1.5", false},
        {"ADDRESS", "1e99", false},  {"REDIRECT", "", true},       {"PUBLISHABLE", "0", true},
        {"KEY", "1000000000", true}, {"KEY", "1000000001", false},
    };
    for (const auto& row : kCases) {
        // An address that nobody can listen on ends a server that got so far.
        const auto ran = run_headwater(
            {"serve", "--database", url("a"), "--listen", "nowhere"},
            {.env = {fmt::format("HEADWATER_RATE_LIMIT_{}={}", row.name, row.value)}});
        EXPECT_EQ(ran.exit_code, 2);
        EXPECT_EQ(ran.err.contains("nowhere"), row.expected) << row.name << row.value << ran.err;
    }
    const auto help = run_headwater({"serve", "--help"}).out;
    for (const auto* name : {"key", "track", "analytics", "publishable", "address", "redirect"}) {
        EXPECT_TRUE(help.contains(fmt::format("--rate-limit-{}", name))) << help;
    }
}

TEST_F(OptionSources, NothingInTheFileIsPassedOver) {
    struct Case {
        std::string_view file;
        std::string_view expected;  // part of the message
    };
    constexpr Case kCases[] = {
        {"databas = \"x\"\n", "line 1: databas is no option of any command"},
        {"[serv]\nlisten = \"x\"\n", "[serv] is no command"},
        {"[serve]\nlisten = \"x\"\nlissen = \"x\"\n", "line 3: serve.lissen is no option"},
        {"[migrate]\ndatabase = 1.5\n", "line 2: database must be a text"},
        {"database = \n", "line 1: "},
    };
    for (const auto& row : kCases) {
        write_file(folder_ / "a.toml", std::string(row.file));
        const auto ran = run_headwater(
            {
                "--config",
                folder_ / "a.toml",
                "migrate",
            },
            {.directory = folder_.path().string()});
        EXPECT_EQ(ran.exit_code, 2) << row.file;
        EXPECT_TRUE(ran.err.contains(row.expected)) << ran.err;
    }
    EXPECT_EQ(run_headwater({"--config", folder_ / "none.toml", "migrate"}).exit_code, 2);
}

}  // namespace
}  // namespace hw
