// SPDX-License-Identifier: Apache-2.0
#include "app/demo.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <memory>

#include "app/commands.hpp"
#include "app/exit_code.hpp"
#include "app/serve.hpp"
#include "base/fx_file.hpp"
#include "base/id.hpp"
#include "core/create_api_key.hpp"
#include "core/normalize_seed.hpp"
#include "core/setup.hpp"
#include "store/fx_rates.hpp"
#include "store/migrate.hpp"

namespace hw {
namespace {

constexpr std::string_view kSlug = "demo";
constexpr std::string_view kKeyName = "Demo";
constexpr std::string_view kLinkKey = "summer";
constexpr std::string_view kDestination = "https://example.com/summer";
constexpr std::size_t kRunIdCharacters = 8;

constexpr auto kFooter =
    "Makes the database where there is none, in it a workspace \"Demo shop\" with a short link and "
    "starter exchange rates, and serves it until Ctrl-C. Prints a new API key, a setup link and "
    "three commands that track a click and a sale and explain them. A second start finds what the "
    "first one made.\n\n"
    "Example:\n"
    "  headwater demo --listen 127.0.0.1:8080 --database sqlite:./headwater.db\n\n"
    "Exit codes: 0 stopped; 1 cannot listen there, or the domain belongs to another workspace; "
    "2, 69, 74, 78 as for every command.";

// The host that a browser on this machine names, which is also the demo's short domain.
std::string reachable_host(const std::string& listen) {
    const auto host = listen.substr(0, listen.rfind(':'));
    const bool any = host.empty() || host == "0.0.0.0" || host.starts_with('[') || host == "*";
    return any ? "localhost" : host;
}

SeedWorld demo_seed(const std::string& host) {
    SeedWorkspace shop;
    shop.path = "demo";
    shop.workspace.slug = kSlug;
    shop.workspace.name = "Demo shop";
    shop.domains.push_back({.slug = host, .workspace_id = {}, .domain_id = {}});
    Link link;
    link.key = kLinkKey;
    link.url = kDestination;
    link.title = "Summer campaign";
    link.track_conversion = true;
    shop.links.push_back(std::move(link));
    SeedWorld world;
    world.workspaces.push_back(std::move(shop));
    return world;
}

Result<DemoWorld> make(Tx& tx, const SeedWorld& seed, const std::string& host) {
    HW_TRY(seed_workspace(tx, seed.workspaces.front()));
    for (const auto& rate : starter_rates()) {
        insert_fx_rate(tx, {rate.date, rate.base, rate.quote, rate.rate, "starter"});
    }
    const auto workspace = find_workspace_by_slug(tx, kSlug);
    HW_ASSERT(workspace.has_value());
    for (const auto& key : list_api_keys(tx, workspace->workspace_id)) {
        if (key.name == kKeyName) delete_api_key(tx, key.workspace_id, key.api_key_id);
    }
    auto key = HW_TRY(create_api_key(
        tx, {.workspace_id = workspace->workspace_id, .name = std::string(kKeyName)}));
    return DemoWorld{.host = host,
                     .secret_key = std::move(key.secret),
                     .setup_token = create_setup_token(tx),
                     .run_id = random_text(kRunIdCharacters, tx.env())};
}

}  // namespace

Result<DemoWorld> prepare_demo(CommandDb& db, const std::string& host) {
    auto seed = demo_seed(host);
    HW_CHECK(normalize_seed(seed));
    return db.write([&](Tx& tx) { return make(tx, seed, host); });
}

std::string demo_text(const DemoWorld& world, const std::string& address) {
    const auto link = fmt::format("{}/{}", address, kLinkKey);
    auto text = fmt::format("\nHeadwater is running at {}\n\n", address);
    text += fmt::format("  Setup link, good once within 30 minutes:  {}/setup/{}\n", address,
                        world.setup_token);
    text +=
        fmt::format("  API key of \"Demo shop\", until the next start:  {}\n", world.secret_key);
    text += fmt::format("  Short link to click:  {}\n\n", link);
    text +=
        "Try it: paste these three lines into another terminal, one after the other.\n"
        "1. Click the link as a browser; its destination carries the click id (dub_id):\n\n";
    text += fmt::format(
        "click=$(curl -s -o /dev/null -A 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 "
        "(KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36' -w '%{{redirect_url}}' '{}' | "
        "sed 's/.*[?&]dub_id=\\([^&]*\\).*/\\1/'); echo \"dub_id=$click\"\n",
        link);
    text += "\n2. Tell a sale with that click id:\n\n";
    text += fmt::format(
        "curl -s -X POST '{}/track/sale' -H 'Authorization: Bearer {}' -H 'Content-Type: "
        "application/json' -d '{{\"customerExternalId\":\"customer-{}\",\"customerName\":\"Ada "
        "Customer\",\"amount\":4900,\"currency\":\"eur\",\"invoiceId\":\"INV-{}\",\"clickId\":\"'"
        "\"$click\"'\"}}'; echo\n",
        address, world.secret_key, world.run_id, world.run_id);
    text += "\n3. Ask why the sale belongs where it does:\n\n";
    text +=
        fmt::format("curl -s '{}/conversions/INV-{}/explain' -H 'Authorization: Bearer {}'; echo\n",
                    address, world.run_id, world.secret_key);
    return text + "\nCtrl-C stops it.\n";
}

namespace {

int demo(ServeOptions options) {
    const auto host = reachable_host(options.listen);
    Result<DemoWorld> world = [&] {
        CommandDb db(options.database, Schema::Migrate);
        return prepare_demo(db, host);
    }();
    if (!world) {
        return refused({world.error().code, world.error().message +
                                                "; use another --database, or another host in "
                                                "--listen"});
    }
    options.api.app_hosts.push_back(host);
    return serve(options, [&](Db&, const std::string& address) {
        const auto port = address.substr(address.rfind(':'));
        fmt::print("{}", demo_text(*world, fmt::format("http://{}{}", host, port)));
        std::fflush(stdout);
    });
}

}  // namespace

void add_demo(CLI::App& app, Invocation& invocation) {
    auto* command =
        app.add_subcommand("demo", "Run a server with a small shop in it and print what to try.");
    add_database_option(*command);
    const auto options = std::make_shared<ServeOptions>();
    options->log_level = "warn";
    command->add_option("--listen", options->listen, "HOST:PORT to listen on; port 0 takes any")
        ->capture_default_str();
    command->add_option("--log-level", options->log_level, "debug, info, warn, error")
        ->check(CLI::IsMember({"debug", "info", "warn", "error"}))
        ->capture_default_str();
    command->footer(kFooter);
    command->callback([options, &invocation] {
        invocation.run = [options, &invocation] {
            options->database = invocation.database;
            return demo(*options);
        };
    });
}

}  // namespace hw
