// SPDX-License-Identifier: Apache-2.0
// `headwater seed FILE`: workspaces with all that belongs to them, from a JSON file.
#include <fmt/format.h>

#include <memory>

#include "api/seed_file.hpp"
#include "app/command_db.hpp"
#include "app/commands.hpp"
#include "app/exit_code.hpp"
#include "app/text_file.hpp"
#include "core/normalize_seed.hpp"

namespace hw {
namespace {

constexpr auto kFooter =
    "The file: {\"workspaces\": [{\"slug\", \"name\", \"currency\", \"id\", \"publishableKey\",\n"
    "  \"allowedHostnames\": [], \"apiKeys\": [{\"key\", \"scopes\", \"name\"}],\n"
    "  \"domains\": [{\"slug\", \"primary\"}], \"tags\": [{\"name\", \"color\"}],\n"
    "  \"folders\": [{\"id\", \"name\"}], \"links\": [...], \"customers\": [...],\n"
    "  \"programs\": [{\"id\", \"name\", \"slug\", \"domain\", \"url\"}], \"groups\": [...],\n"
    "  \"rewards\": [...], \"discounts\": [...], \"partners\": [...],\n"
    "  \"commissions\": [{\"id\", \"partnerId\", \"type\", \"amount\", \"earnings\", "
    "\"status\"}],\n"
    "  \"payouts\": [{\"id\", \"partnerId\", \"commissionIds\", \"status\"}],\n"
    "  \"webhooks\": [{\"id\", \"name\", \"url\", \"events\": [], \"secret\"}],\n"
    "  \"paymentConnections\": [{\"id\", \"provider\", \"mode\", \"secrets\": []}]}],\n"
    "  \"fxRates\": [{\"date\", \"base\", \"quote\", \"rate\", \"source\"}]}\n"
    "Links and customers are the objects of the API. What is there already is left as it is, so\n"
    "seeding the same file again changes nothing. Each workspace is one transaction.\n\n"
    "Example:\n"
    "  headwater seed world.json --database sqlite:./headwater.db\n\n"
    "Exit codes: 0 done; 1 the file contradicts the database; 2 the file is wrong (the message "
    "names the place); 69, 74, 78 as for every command.";

Result<SeedWorld> load(const std::string& file) {
    const auto text = HW_TRY(read_text_file(file));
    auto world = HW_TRY(read_seed_file(text));
    HW_CHECK(normalize_seed(world));
    return world;
}

Result<SeedCounts> store(CommandDb& db, const SeedWorld& world) {
    SeedCounts counts;
    for (const auto& workspace : world.workspaces) {
        const auto add = [&](Tx& tx) { return seed_workspace(tx, workspace); };
        counts.add(HW_TRY(db.write(add)));
    }
    HW_TRY(db.write([&](Tx& tx) -> Result<bool> {
        for (const auto& rate : world.fx_rates) insert_fx_rate(tx, rate);
        return true;
    }));
    return counts;
}

void print(std::string_view what, const SeedTally& tally) {
    if (tally.made + tally.kept == 0) return;
    fmt::print("{:<11} {:>7} new, {:>7} there already\n", what, tally.made, tally.kept);
}

int seed(const std::string& database, const std::string& file) {
    const auto world = load(file);
    if (!world) return refused({world.error().code, file + ": " + world.error().message});
    CommandDb db(database, Schema::Migrate);
    const auto counts = store(db, *world);
    if (!counts) return refused({counts.error().code, file + ": " + counts.error().message});
    print("workspaces", counts->workspaces);
    print("api keys", counts->api_keys);
    print("ingest tokens", counts->ingest_tokens);
    print("domains", counts->domains);
    print("tags", counts->tags);
    print("folders", counts->folders);
    print("links", counts->links);
    print("customers", counts->customers);
    print("webhooks", counts->webhooks);
    print("payment connections", counts->payment_connections);
    const auto& programme = counts->programme;
    print("programs", programme.programs);
    print("groups", programme.groups);
    print("rewards", programme.rewards);
    print("discounts", programme.discounts);
    print("partners", programme.partners);
    print("commissions", programme.commissions);
    print("payouts", programme.payouts);
    if (!world->fx_rates.empty()) fmt::print("fx rates    {:>7} read\n", world->fx_rates.size());
    return exit_code::kOk;
}

}  // namespace

void add_seed(CLI::App& app, Invocation& invocation) {
    auto* command = app.add_subcommand(
        "seed", "Fill a database from a JSON file with workspaces, keys, domains and links.");
    const auto file = std::make_shared<std::string>();
    command->add_option("FILE", *file, "The JSON file; - reads standard input")->required();
    add_database_option(*command);
    command->footer(kFooter);
    command->callback([file, &invocation] {
        invocation.run = [file, &invocation] { return seed(invocation.database, *file); };
    });
}

}  // namespace hw
