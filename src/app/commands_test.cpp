// SPDX-License-Identifier: Apache-2.0
// What all commands have in common, and the small ones.
#include <gtest/gtest.h>
#include <boost/json.hpp>

#include "api/routes.hpp"
#include "tests/fixture/engine_test.hpp"
#include "tests/fixture/headwater_process.hpp"

namespace hw {
namespace {

namespace json = boost::json;

std::string first_line(const std::string& text) {
    return text.substr(0, text.find('\n'));
}

TEST(Commands, HelpWithAnExampleAndExitCodes) {
    const std::vector<std::vector<std::string>> commands = {
        {"serve"},    {"demo"},    {"seed"},    {"workspaces"}, {"keys"},      {"explain"},
        {"fx"},       {"doctor"},  {"migrate"}, {"routes"},     {"sql"},       {"verify"},
        {"backup"},   {"restore"}, {"import"},  {"export"},     {"statement"}, {"orphans"},
        {"diagnose"}, {"status"},  {"tokens"},  {"quarantine"}, {"accounts"},
    };
    const auto all = run_headwater({"--help"});
    EXPECT_EQ(all.exit_code, 0);
    for (auto command : commands) {
        EXPECT_TRUE(all.out.contains("\n  " + command[0] + " ")) << command[0];
        command.push_back("--help");
        const auto ran = run_headwater(command);
        EXPECT_EQ(ran.exit_code, 0) << command[0];
        EXPECT_TRUE(ran.out.contains("\n  headwater " + command[0])) << ran.out;
        EXPECT_TRUE(ran.out.contains("Exit codes: 0")) << ran.out;
    }
}

TEST(Commands, WrongCommandLines) {
    const std::vector<std::string> cases[] = {
        {},
        {"sed"},
        {"seed"},
        {"keys"},
        {"keys", "delete"},
        {"explain"},
        {"migrate", "--databse"},
        {"diagnose"},
        {"orphans"},
        {"diagnose", "--link", "a", "--invoice", "b"},
    };
    for (const auto& arguments : cases) {
        const auto ran = run_headwater(arguments);
        EXPECT_EQ(ran.exit_code, 2) << (arguments.empty() ? "" : arguments[0]);
        EXPECT_NE(ran.err, "");
    }
}

TEST(Commands, DatabasesThatCannotBeUsed) {
    const TempDir folder;
    write_file(folder / "text.db", std::string(4'096, 'x'));
    struct Case {
        std::vector<std::string> arguments;
        int expected;
    };
    const Case cases[] = {
        {{"migrate", "--database", "mysql://x"}, 78},
        {{"migrate", "--database", "sqlite:" + (folder / "text.db")}, 78},
        {{"migrate", "--database", "sqlite:" + (folder / "no/such/folder.db")}, 69},
        {{"migrate", "--database", "postgres://127.0.0.1:1/x"}, 69},
        {{"workspaces", "list", "--database", "sqlite:" + (folder / "none.db")}, 69},
        {{"explain", "x", "--database", "sqlite:" + (folder / "none.db")}, 69},
    };
    for (const auto& row : cases) {
        const auto ran = run_headwater(row.arguments);
        EXPECT_EQ(ran.exit_code, row.expected) << row.arguments.back() << ": " << ran.err;
        EXPECT_TRUE(ran.err.starts_with("headwater: ")) << ran.err;
    }
    EXPECT_FALSE(std::filesystem::exists(folder / "none.db")) << "reading makes nothing";
}

TEST(Commands, RoutesAsJson) {
    const auto ran = run_headwater({"routes", "--json"});
    ASSERT_EQ(ran.exit_code, 0);
    const auto rows = json::parse(ran.out).as_array();
    ASSERT_EQ(rows.size(), routes().size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
        EXPECT_EQ(std::string_view(rows[i].at("method").as_string()), routes()[i].method);
        EXPECT_EQ(std::string_view(rows[i].at("path").as_string()), routes()[i].path);
        EXPECT_EQ(std::string_view(rows[i].at("operation").as_string()), routes()[i].operation);
        EXPECT_EQ(rows[i].at("scope").is_null(), routes()[i].scope.empty());
        EXPECT_EQ(rows[i].at("auth").as_string() == "none", routes()[i].auth == Auth::None);
    }
    EXPECT_TRUE(run_headwater({"routes"}).out.contains("/track/sale"));
}

class CommandsOnEngines : public ::testing::TestWithParam<EngineKind> {
  protected:
    Ran run(std::vector<std::string> arguments) {
        arguments.insert(arguments.end(), {"--database", own_.url});
        return run_headwater(arguments);
    }
    OwnDatabase own_ = own_database(GetParam(), false);
};

TEST_P(CommandsOnEngines, Migrate) {
    const auto first = run({"migrate"});
    EXPECT_EQ(first.exit_code, 0) << first.err;
    EXPECT_TRUE(first.out.starts_with("applied 0001_init.sql\n")) << first.out;
    const auto again = run({"migrate"});
    EXPECT_EQ(again.exit_code, 0);
    EXPECT_TRUE(again.out.contains("; nothing to do\n")) << again.out;
}

TEST_P(CommandsOnEngines, ReadingCommandsDemandASchema) {
    if (GetParam() == EngineKind::Sqlite) write_file(own_.url.substr(7), "");
    const auto ran = run({"keys", "list"});
    EXPECT_EQ(ran.exit_code, 78);
    EXPECT_TRUE(ran.err.contains("run `headwater migrate`")) << ran.err;
}

TEST_P(CommandsOnEngines, AttributionOfANewWorkspace) {
    ASSERT_EQ(run({"workspaces", "create", "acme", "--domain", "go.acme.example"}).exit_code, 0);
    struct Case {
        std::vector<std::string> arguments;
        std::string out;
        std::string err;
        int expected;
    };
    const Case cases[] = {
        {{"orphans", "list"}, "no orphans\n", "", 0},
        {{"orphans", "fix"},
         "0 conversions would be decided otherwise; nothing was changed (--apply does)\n",
         "",
         0},
        {{"orphans", "fix", "--apply", "--accept-inferred"},
         "0 conversions decided otherwise\n",
         "",
         0},
        {{"orphans", "undo", "rep_x"}, "", "There is no repair rep_x.", 1},
        {{"quarantine", "list"}, "nothing is in quarantine\n", "", 0},
        {{"quarantine", "decisions"}, "nothing was decided\n", "", 0},
        {{"quarantine", "assign", "qrt_x", "--to", "c", "--reason", "r"},
         "",
         "Quarantined delivery not found.",
         1},
        {{"quarantine", "dismiss", "qrt_x", "--reason", ""}, "", "reason: received 0", 2},
        {{"accounts", "list"}, "no accounts\n", "", 0},
        {{"accounts", "add", "acct_1", "--via", "v", "--to", "t"},
         "",
         "via: there is no payment connection \"v\"",
         1},
        {{"accounts", "remove", "acct_1"}, "", "acct_1 of stripe belongs to no connection", 1},
        {{"diagnose", "--link", "summer"}, "problem link_not_found: No link has the key", "", 1},
        {{"diagnose", "--invoice", "in_1"}, "", "There is no invoice in_1", 1},
        {{"status"}, "acme                 not_working (no_conversion): No conversion", "", 1},
        {{"status", "--workspace", "none"}, "", "none", 1},
    };
    for (const auto& row : cases) {
        const auto ran = run(row.arguments);
        EXPECT_TRUE(ran.out.contains(row.out)) << row.arguments[0] << ": " << ran.out;
        EXPECT_TRUE(ran.err.contains(row.err)) << row.arguments[0] << ": " << ran.err;
        EXPECT_EQ(ran.exit_code, row.expected) << row.arguments[0] << ": " << ran.err;
    }
}

TEST_P(CommandsOnEngines, WorkspacesAndKeys) {
    const auto made =
        run({"workspaces", "create", "acme", "--currency", "EUR", "--domain", "go.acme.example"});
    ASSERT_EQ(made.exit_code, 0) << made.err;
    EXPECT_TRUE(made.out.contains("secret key       dub_")) << made.out;
    EXPECT_TRUE(made.out.contains("domain           go.acme.example")) << made.out;
    EXPECT_EQ(run({"workspaces", "create", "acme"}).exit_code, 1);
    EXPECT_EQ(run({"workspaces", "create", "Acme Ltd"}).exit_code, 2);
    EXPECT_TRUE(run({"workspaces", "list"}).out.contains("  acme                 eur  \"acme\""));

    const auto key = run({"keys", "create", "--name", "ci", "--scopes", "links.read,links.write"});
    ASSERT_EQ(key.exit_code, 0) << key.err;
    EXPECT_TRUE(key.out.starts_with("dub_")) << "alone, for scripts: " << key.out;
    EXPECT_EQ(key.out.size(), 29U);
    EXPECT_EQ(run({"keys", "create", "--scopes", "all"}).exit_code, 2);

    ASSERT_EQ(run({"workspaces", "create", "other"}).exit_code, 0);
    const auto which = run({"keys", "list"});
    EXPECT_EQ(which.exit_code, 1);
    EXPECT_TRUE(which.err.contains("acme, other")) << which.err;
    EXPECT_EQ(run({"keys", "list", "--workspace", "nobody"}).exit_code, 1);

    const auto listed = run({"keys", "list", "--workspace", "acme"});
    EXPECT_EQ(std::ranges::count(listed.out, '\n'), 2) << listed.out;
    EXPECT_FALSE(listed.out.contains(key.out.substr(0, 28))) << "secrets are shown once";
    const auto id = key.err.substr(0, key.err.find(' '));
    EXPECT_TRUE(listed.out.contains(id)) << listed.out;
    EXPECT_EQ(run({"keys", "delete", id, "--workspace", "other"}).exit_code, 1);
    EXPECT_EQ(run({"keys", "delete", id, "--workspace", "acme"}).exit_code, 0);
    EXPECT_EQ(run({"keys", "delete", id, "--workspace", "acme"}).exit_code, 1);
    EXPECT_FALSE(run({"keys", "list", "--workspace", "acme"}).out.contains(id));
}

TEST_P(CommandsOnEngines, IngestTokens) {
    ASSERT_EQ(run({"workspaces", "create", "acme"}).exit_code, 0);
    const auto made = run({"tokens", "create", "--kind", "secret", "--name", "shop"});
    ASSERT_EQ(made.exit_code, 0) << made.err;
    EXPECT_TRUE(made.out.starts_with("sec_")) << made.out;
    EXPECT_EQ(run({"tokens", "create", "--kind", "private"}).exit_code, 2);
    const auto id = made.err.substr(0, made.err.find(' '));
    const auto listed = run({"tokens", "list"}).out;
    EXPECT_TRUE(listed.contains(id)) << listed;
    EXPECT_FALSE(listed.contains(made.out.substr(0, made.out.size() - 1)));
    EXPECT_EQ(run({"tokens", "revoke", id}).exit_code, 0);
    EXPECT_TRUE(run({"tokens", "list"}).out.contains("revoked 20"));
    EXPECT_EQ(run({"tokens", "revoke", "itok_nothing"}).exit_code, 1);
}

TEST_P(CommandsOnEngines, SetupLink) {
    const auto ran = run({"keys", "setup-link", "--public-url", "https://go.example.com/"});
    EXPECT_EQ(ran.exit_code, 0) << ran.err;
    EXPECT_TRUE(ran.out.starts_with("https://go.example.com/setup/")) << ran.out;
}

TEST_P(CommandsOnEngines, ExplainOfWhatIsNotThere) {
    ASSERT_EQ(run({"migrate"}).exit_code, 0);
    const auto nowhere = run({"explain", "INV-1"});
    EXPECT_EQ(nowhere.exit_code, 1);
    EXPECT_TRUE(nowhere.err.contains("headwater workspaces create")) << nowhere.err;
    ASSERT_EQ(run({"workspaces", "create", "acme"}).exit_code, 0);
    const auto unknown = run({"explain", "INV-1", "--workspace", "acme"});
    EXPECT_EQ(unknown.exit_code, 1);
    EXPECT_TRUE(unknown.err.contains("'INV-1'")) << unknown.err;
}

TEST_P(CommandsOnEngines, ExchangeRates) {
    const TempDir folder;
    write_file(folder / "eurofxref.csv",
               "Date,USD,JPY\n2026-01-02,1.17,183.9\n"
               "2026-01-01,1.16,N/A\n");
    const auto first = run({"fx", "import", folder / "eurofxref.csv"});
    EXPECT_EQ(first.exit_code, 0) << first.err;
    EXPECT_EQ(first.out, "3 rates read, 3 of them new\n");
    EXPECT_EQ(run({"fx", "import", folder / "eurofxref.csv"}).out, "3 rates read, 0 of them new\n");
    EXPECT_EQ(run({"fx", "list"}).out,
              "eur jpy  2026-01-02           183.9  ecb        1 days\n"
              "eur usd  2026-01-02            1.17  ecb        2 days\n");
    write_file(folder / "bad.csv", "Date,USD\n2026-01-02,dear\n");
    const auto bad = run({"fx", "import", folder / "bad.csv"});
    EXPECT_EQ(bad.exit_code, 2);
    EXPECT_TRUE(bad.err.contains("bad.csv: ")) << bad.err;
}

TEST_P(CommandsOnEngines, VerifySaysWhatDiffers) {
    ASSERT_EQ(run({"workspaces", "create", "acme"}).exit_code, 0);
    const auto clean = run({"verify"});
    EXPECT_EQ(clean.exit_code, 0) << clean.err;
    EXPECT_TRUE(clean.out.starts_with("1 workspaces, 0 clicks, ")) << clean.out;
    EXPECT_TRUE(clean.out.ends_with(": no difference\n")) << clean.out;
    connect_as_owner(own_.url)->run_script(
        "insert into link_totals select workspace_id, 'link_x', 0, 7, 0, 0, 0, 0, 0, 0, 0 "
        "from workspaces");
    for (const auto& arguments :
         {std::vector<std::string>{"verify"}, {"verify", "--workspace", "acme"}}) {
        const auto wrong = run(arguments);
        EXPECT_EQ(wrong.exit_code, 1) << wrong.err;
        EXPECT_TRUE(wrong.out.contains("link_x")) << wrong.out;
        EXPECT_TRUE(wrong.out.ends_with(": 1 differences\n")) << wrong.out;
    }
    EXPECT_EQ(run({"verify", "--workspace", "nobody"}).exit_code, 1);
}

TEST_P(CommandsOnEngines, BackupAndRestoreIntoEitherEngine) {
    const TempDir folder;
    const auto file = folder / "headwater.hwb";
    EXPECT_NE(run({"backup", file}).exit_code, 0) << "nothing to back up yet";
    EXPECT_FALSE(std::filesystem::exists(file));
    ASSERT_EQ(run({"workspaces", "create", "acme"}).exit_code, 0);
    const auto saved = run({"backup", file});
    EXPECT_EQ(saved.exit_code, 0) << saved.err;
    EXPECT_TRUE(saved.out.contains(" rows in ")) << saved.out;
    EXPECT_EQ(run({"restore", file}).exit_code, 1) << "the database is not empty";
    const auto whole = run_headwater({"restore", file, "--check"});
    EXPECT_EQ(whole.exit_code, 0) << whole.err;
    for (const auto engine : {EngineKind::Sqlite, EngineKind::Postgres}) {
        const auto other = own_database(engine, false);
        const auto ran = run_headwater({"restore", file, "--database", other.url});
        EXPECT_EQ(ran.exit_code, 0) << ran.err;
        const auto listed = run_headwater({"workspaces", "list", "--database", other.url});
        EXPECT_EQ(listed.out, run({"workspaces", "list"}).out);
    }
    write_file(file, "not a backup");
    EXPECT_EQ(run_headwater({"restore", file, "--check"}).exit_code, 2);
    EXPECT_EQ(run_headwater({"restore", folder / "none", "--check"}).exit_code, 1);
}

TEST_P(CommandsOnEngines, SqlStatements) {
    EXPECT_TRUE(run_headwater({"sql", "list"}).out.contains("find_link_by_key"));
    const auto shown = run({"sql", "show", "find_link_by_key"});
    EXPECT_EQ(shown.exit_code, 0) << shown.err;
    EXPECT_EQ(first_line(shown.out).substr(0, 7), "select ");
    EXPECT_EQ(run({"sql", "explain", "find_link_by_key"}).exit_code,
              GetParam() == EngineKind::Sqlite ? 69 : 78);
    ASSERT_EQ(run({"migrate"}).exit_code, 0);
    const auto plan = run({"sql", "explain", "find_link_by_key"});
    EXPECT_EQ(plan.exit_code, 0) << plan.err;
    EXPECT_TRUE(plan.out.contains("links")) << plan.out;
    EXPECT_EQ(run({"sql", "show", "nothing"}).exit_code, 1);
    const bool sqlite = GetParam() == EngineKind::Sqlite;
    const auto absent = run({"sql", "show", sqlite ? "insert_links" : "journal_mode"});
    EXPECT_EQ(absent.exit_code, 1);
    EXPECT_TRUE(absent.err.contains("does not exist on this engine")) << absent.err;
}

TEST_P(CommandsOnEngines, Doctor) {
    ASSERT_EQ(run({"migrate"}).exit_code, 0);
    const auto healthy = run({"doctor", "--listen", "127.0.0.1:0"});
    EXPECT_TRUE(healthy.out.contains("[ok]   database: reachable")) << healthy.out;
    EXPECT_TRUE(healthy.out.contains("[ok]   write and fsync")) << healthy.out;
    EXPECT_TRUE(healthy.out.contains("[ok]   port: 127.0.0.1:0 is free")) << healthy.out;
    const bool postgres = GetParam() == EngineKind::Postgres;
    EXPECT_TRUE(healthy.out.contains(postgres ? "[ok]   row level security: on, and binds"
                                              : "[ok]   journal_mode: wal"))
        << healthy.out;
    EXPECT_EQ(healthy.exit_code, 0) << healthy.out;

    ASSERT_EQ(run({"keys", "setup-link"}).exit_code, 0);
    const auto warned = run({"doctor", "--listen", "127.0.0.1:0"});
    EXPECT_TRUE(warned.out.contains("[warn] setup links: 1 open")) << warned.out;
    EXPECT_EQ(warned.exit_code, 0);

    connect_as_owner(own_.url)->run_script(
        "update schema_versions set version = 999 where version = 1");
    const auto newer = run({"doctor", "--listen", "127.0.0.1:0"});
    EXPECT_TRUE(newer.out.contains("[FAIL] schema: version 999")) << newer.out;
    EXPECT_TRUE(newer.out.contains("fix: run the newer headwater")) << newer.out;
    EXPECT_EQ(newer.exit_code, 1);
}

HW_ON_BOTH_ENGINES(CommandsOnEngines);

TEST(Doctor, NamesWhatIsWrongAndTheFix) {
    const TempDir folder;
    write_file(folder / "text.db", std::string(4'096, 'x'));
    struct Case {
        std::string database;
        std::string listen;
        std::string expected;  // a line of the output
    };
    const Case cases[] = {
        {"sqlite:" + (folder / "none.db"), "127.0.0.1:0", "[FAIL] database: there is no file"},
        {"sqlite:" + (folder / "text.db"), "127.0.0.1:0", "[FAIL] database: SQLite:"},
        {"postgres://127.0.0.1:1/x", "127.0.0.1:0", "[FAIL] database: cannot connect"},
        {"sqlite:" + (folder / "none.db"), "8080", "[FAIL] port: --listen '8080'"},
    };
    for (const auto& row : cases) {
        const auto ran =
            run_headwater({"doctor", "--database", row.database, "--listen", row.listen});
        EXPECT_EQ(ran.exit_code, 1) << row.database;
        EXPECT_TRUE(ran.out.contains(row.expected)) << ran.out << ran.err;
        EXPECT_TRUE(ran.out.contains("fix: ")) << ran.out;
    }
}

}  // namespace
}  // namespace hw
