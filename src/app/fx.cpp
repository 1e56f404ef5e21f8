// SPDX-License-Identifier: Apache-2.0
// `headwater fx`: exchange rates, from the files of the European Central Bank.
#include <fmt/format.h>

#include <memory>

#include "app/command_db.hpp"
#include "app/commands.hpp"
#include "app/exit_code.hpp"
#include "app/text_file.hpp"
#include "base/fx_file.hpp"
#include "store/fx_rates.hpp"

namespace hw {
namespace {

constexpr auto kFooter =
    "Reads eurofxref-daily.xml, eurofxref-hist.xml, eurofxref.csv and eurofxref-hist.csv. A day "
    "that has a rate keeps it, so importing a file again changes nothing.\n\n"
    "Examples:\n"
    "  headwater fx import eurofxref-hist.csv\n"
    "  headwater fx list\n\n"
    "Exit codes: 0 done; 2 the file is wrong (the message names the line); 69, 74, 78 as for "
    "every command.";

std::int64_t count_rates(CommandDb& db) {
    const auto pairs =
        db.read([](Tx& tx) -> Result<std::vector<FxPair>> { return list_fx_pairs(tx); });
    std::int64_t count = 0;
    if (pairs) {
        for (const auto& pair : *pairs) count += pair.days;
    }
    return count;
}

int import_rates(const std::string& database, const std::string& file, const std::string& source) {
    const auto text = read_text_file(file);
    if (!text) return refused(text.error());
    const auto rates = read_ecb_file(*text);
    if (!rates) return refused({rates.error().code, file + ": " + rates.error().message});
    CommandDb db(database, Schema::Migrate);
    const auto before = count_rates(db);
    const auto stored = db.write([&](Tx& tx) -> Result<bool> {
        for (const auto& rate : *rates) {
            insert_fx_rate(tx, {rate.date, rate.base, rate.quote, rate.rate, source});
        }
        return true;
    });
    if (!stored) return refused(stored.error());
    fmt::print("{} rates read, {} of them new\n", rates->size(), count_rates(db) - before);
    return exit_code::kOk;
}

int list_rates(const std::string& database) {
    CommandDb db(database, Schema::Demand);
    const auto pairs =
        db.read([](Tx& tx) -> Result<std::vector<FxPair>> { return list_fx_pairs(tx); });
    if (!pairs) return refused(pairs.error());
    if (pairs->empty()) {
        fmt::print("no rates yet: `headwater fx import FILE` reads the files of the ECB\n");
    }
    for (const auto& pair : *pairs) {
        fmt::print("{} {}  {}  {:>14}  {:<10} {} days\n", pair.newest.base, pair.newest.quote,
                   pair.newest.date, pair.newest.rate, pair.newest.source, pair.days);
    }
    return exit_code::kOk;
}

}  // namespace

void add_fx(CLI::App& app, Invocation& invocation) {
    auto* command = app.add_subcommand("fx", "Import and list exchange rates.");
    command->require_subcommand(1);
    command->footer(kFooter);
    const auto file = std::make_shared<std::string>();
    const auto source = std::make_shared<std::string>("ecb");
    auto* import_command = command->add_subcommand("import", "Store the rates of an ECB file.");
    import_command->add_option("FILE", *file, "XML or CSV; - reads standard input")->required();
    import_command->add_option("--source", *source, "Kept with each rate")->capture_default_str();
    add_database_option(*import_command);
    import_command->callback([file, source, &invocation] {
        invocation.run = [file, source, &invocation] {
            return import_rates(invocation.database, *file, *source);
        };
    });
    auto* list_command =
        command->add_subcommand("list", "Show the newest rate of each pair of currencies.");
    add_database_option(*list_command);
    list_command->callback([&invocation] {
        invocation.run = [&invocation] { return list_rates(invocation.database); };
    });
}

}  // namespace hw
