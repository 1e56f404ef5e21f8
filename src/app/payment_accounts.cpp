// SPDX-License-Identifier: Apache-2.0
// `headwater accounts`: whose the deliveries of a platform's connected accounts are.
#include <fmt/format.h>

#include <memory>

#include "app/command_db.hpp"
#include "app/commands.hpp"
#include "app/exit_code.hpp"
#include "core/payment_accounts.hpp"
#include "core/payment_provider.hpp"

namespace hw {
namespace {

constexpr auto kFooter =
    "A platform (Stripe Connect) has one payment connection, whose secret signs for all of its "
    "connected accounts. What is signed there and names an account given here goes to the inbox of "
    "the connection it was given to; everything else stays with the platform's own workspace.\n\n"
    "Examples:\n"
    "  headwater accounts add acct_1Mv0WnI1fYMvQK --via 91bd... --to 6f1c...\n"
    "  headwater accounts list\n"
    "  headwater accounts remove acct_1Mv0WnI1fYMvQK\n\n"
    "Exit codes: 0 done; 1 no such account, connection or workspace, or the account is another's; "
    "2 an option is wrong; 69, 74, 78 as for every command.";

struct Options {
    AssignAccount account{};
    std::string provider = "stripe";
};

std::string line_of(const PaymentAccount& account) {
    return fmt::format("{} {}  to {} of {}  via {}\n", account.provider, account.account_id,
                       account.connection_id, account.workspace_id, account.via_connection_id);
}

int add(const std::string& database, const Options& options) {
    CommandDb db(database, Schema::Demand);
    const auto done = db.write([&](Tx& tx) { return assign_payment_account(tx, options.account); });
    if (!done) return refused(done.error());
    fmt::print("{}", line_of(*done));
    return exit_code::kOk;
}

int remove(const std::string& database, const Options& options) {
    CommandDb db(database, Schema::Demand);
    const auto done = db.write([&](Tx& tx) {
        return remove_payment_account(tx, options.provider, options.account.account_id);
    });
    if (!done) return refused(done.error());
    fmt::print("removed {}", line_of(*done));
    return exit_code::kOk;
}

int list(const std::string& database) {
    CommandDb db(database, Schema::Demand);
    const auto all = db.read([](Tx& tx) -> Result<std::vector<PaymentAccount>> {
        std::vector<PaymentAccount> accounts;
        for (const auto& workspace : list_workspaces(tx)) {
            for (auto& each : list_payment_accounts(tx, workspace.workspace_id)) {
                accounts.push_back(std::move(each));
            }
        }
        return accounts;
    });
    if (!all) return refused(all.error());
    for (const auto& account : *all) fmt::print("{}", line_of(account));
    if (all->empty()) fmt::print("no accounts\n");
    return exit_code::kOk;
}

}  // namespace

void add_payment_accounts(CLI::App& app, Invocation& invocation) {
    auto* command =
        app.add_subcommand("accounts", "Say whose the connected accounts of a platform are.");
    command->require_subcommand(1);
    command->footer(kFooter);
    const auto options = std::make_shared<Options>();
    auto* added = command->add_subcommand("add", "Give an account to a connection.");
    added->add_option("ACCOUNT", options->account.account_id, "As the processor names it")
        ->required();
    added->add_option("--via", options->account.via_connection_id, "The platform's connection")
        ->required();
    added->add_option("--to", options->account.connection_id, "Where its deliveries belong")
        ->required();
    added->callback([options, &invocation] {
        invocation.run = [options, &invocation] { return add(invocation.database, *options); };
    });
    auto* removed = command->add_subcommand("remove", "Leave its deliveries with the platform.");
    removed->add_option("ACCOUNT", options->account.account_id, "As `list` shows it")->required();
    removed->add_option("--provider", options->provider, "Whose account it is")
        ->check(CLI::IsMember(kPaymentProviderNames))
        ->capture_default_str();
    removed->callback([options, &invocation] {
        invocation.run = [options, &invocation] { return remove(invocation.database, *options); };
    });
    auto* listed = command->add_subcommand("list", "Show them all.");
    listed->callback(
        [&invocation] { invocation.run = [&invocation] { return list(invocation.database); }; });
    for (auto* part : {added, removed, listed}) add_database_option(*part);
}

}  // namespace hw
