// SPDX-License-Identifier: Apache-2.0
// `headwater quarantine`: payment webhooks that nobody vouches for, and what an operator decides.
#include <fmt/format.h>

#include <memory>

#include "app/command_db.hpp"
#include "app/commands.hpp"
#include "app/exit_code.hpp"
#include "base/civil_time.hpp"
#include "base/limits.hpp"
#include "connectors/lemon_squeezy/lemon_squeezy_provider.hpp"
#include "connectors/paddle/paddle_provider.hpp"
#include "connectors/polar/polar_provider.hpp"
#include "connectors/shopify/shopify_provider.hpp"
#include "connectors/stripe/stripe_provider.hpp"
#include "core/decide_quarantine.hpp"

namespace hw {
namespace {

constexpr auto kActor = "command line";
constexpr std::int64_t kPage = 100;

constexpr auto kFooter =
    "What has no good signature books nothing. `list` shows whose it could be, guess by guess: the "
    "connection that it came to, the account or the e-mail domain that it names, the first "
    "workspace. `assign` puts it into the inbox of a connection of any workspace, where it counts "
    "as any other; who decided it is kept for ever. --workspace is the one where it was set "
    "aside.\n\n"
    "Examples:\n"
    "  headwater quarantine list\n"
    "  headwater quarantine assign qrt_1KZ... --to 6f1c... --reason 'secret was mistyped' "
    "--workspace acme\n"
    "  headwater quarantine dismiss qrt_1KZ... --reason 'a test of ours' --workspace acme\n"
    "  headwater quarantine decisions --workspace acme\n\n"
    "Exit codes: 0 done; 1 no such delivery, connection or workspace, or it was decided otherwise; "
    "2 an option is wrong; 69, 74, 78 as for every command.";

struct Options {
    std::string id;
    std::string to;
    std::string reason;
};

Result<std::vector<Workspace>> chosen(CommandDb& db, const std::string& name) {
    if (name.empty()) {
        return db.read(
            [](Tx& tx) -> Result<std::vector<Workspace>> { return list_workspaces(tx); });
    }
    auto workspace = HW_TRY(db.workspace(name));
    return std::vector{std::move(workspace)};
}

std::string line_of(const Workspace& workspace, const QuarantineRow& row) {
    auto line =
        fmt::format("{}  {}  {}  {}  {} bytes  {} {}\n", row.quarantine_id,
                    time_text(row.received_at_ms), workspace.slug, row.reason, row.body_bytes,
                    row.event_type.empty() ? "no event" : row.event_type, row.delivery_id);
    for (const auto& each : row.candidates) {
        line += fmt::format("    {}: {}\n", each.rung, each.workspace_id);
    }
    return line;
}

std::string line_of(const Workspace& workspace, const QuarantineDecision& decision) {
    const auto to =
        decision.to_connection_id.empty()
            ? std::string{}
            : fmt::format(" to {} of {}", decision.to_connection_id, decision.to_workspace_id);
    return fmt::format("{}  {}  {}  {}{}{} by {}: {}\n", decision.quarantine_id,
                       time_text(decision.decided_at_ms), workspace.slug, decision.decision, to,
                       decision.duplicate ? " (it was there)" : "", decision.actor,
                       decision.reason);
}

// Every page of every workspace that was chosen. Gives how many rows there were.
template <class Row, class F>
Result<std::size_t> print_all(CommandDb& db, const std::vector<Workspace>& workspaces, F list) {
    std::size_t count = 0;
    for (const auto& workspace : workspaces) {
        for (std::string before;;) {
            const auto rows =
                HW_TRY(db.read([&](Tx& tx) -> Result<std::vector<Row>> { return list(tx, before); },
                               workspace.workspace_id));
            for (const auto& row : rows) fmt::print("{}", line_of(workspace, row));
            count += rows.size();
            if (std::ssize(rows) < kPage) break;
            before = rows.back().quarantine_id;
        }
    }
    return count;
}

template <class Row, class F>
int list(const Invocation& invocation, const char* none, F rows) {
    CommandDb db(invocation.database, Schema::Demand);
    const auto workspaces = chosen(db, invocation.workspace);
    if (!workspaces) return refused(workspaces.error());
    const auto count = print_all<Row>(db, *workspaces, rows);
    if (!count) return refused(count.error());
    if (*count == 0) fmt::print("{}\n", none);
    return exit_code::kOk;
}

int decide(const Invocation& invocation, const Options& options) {
    CommandDb db(invocation.database, Schema::Demand);
    const auto owner = db.workspace(invocation.workspace);
    if (!owner) return refused(owner.error());
    const StripeProvider stripe;
    const LemonSqueezyProvider lemon_squeezy;
    const PaddleProvider paddle;
    const PolarProvider polar;
    const ShopifyProvider shopify;
    const PaymentProviders providers{&stripe, &lemon_squeezy, &paddle, &polar, &shopify};
    const DecideQuarantine input{.quarantine_id = options.id,
                                 .connection_id = options.to,
                                 .reason = options.reason,
                                 .actor = kActor,
                                 .any_workspace = true};
    const auto decided = db.write([&](Tx& whole) {
        Tx tx(whole, owner->workspace_id);
        return options.to.empty() ? dismiss_quarantine(tx, input)
                                  : assign_quarantine(tx, providers, input);
    });
    if (!decided) return refused(decided.error());
    fmt::print("{}", line_of(*owner, *decided));
    return exit_code::kOk;
}

CLI::App* add_decision(CLI::App& command, const char* name, const char* about, Options& options) {
    auto* part = command.add_subcommand(name, about);
    add_workspace_option(*part);
    add_database_option(*part);
    part->add_option("DELIVERY", options.id, "As `list` shows it")->required();
    part->add_option("--reason", options.reason, "Why, for those who ask later")->required();
    return part;
}

CLI::App* add_listing(CLI::App& command, const char* name, const char* about) {
    auto* part = command.add_subcommand(name, about);
    part->add_option("--workspace", "Slug or id; every workspace when left out")
        ->envname("HEADWATER_WORKSPACE");
    add_database_option(*part);
    return part;
}

}  // namespace

void add_quarantine(CLI::App& app, Invocation& invocation) {
    auto* command =
        app.add_subcommand("quarantine", "Decide about payment webhooks without a good signature.");
    command->require_subcommand(1);
    command->footer(kFooter);
    add_listing(*command, "list", "Show them and whose they could be.")->callback([&invocation] {
        invocation.run = [&invocation] {
            return list<QuarantineRow>(invocation, "nothing is in quarantine",
                                       [](Tx& tx, const std::string& before) {
                                           return list_whole_quarantine(tx, before, kPage);
                                       });
        };
    });
    add_listing(*command, "decisions", "Show what was decided, by whom and why.")
        ->callback([&invocation] {
            invocation.run = [&invocation] {
                return list<QuarantineDecision>(
                    invocation, "nothing was decided", [](Tx& tx, const std::string& before) {
                        return list_quarantine_decisions(tx, before, kPage);
                    });
            };
        });
    const auto options = std::make_shared<Options>();
    auto* assign = add_decision(*command, "assign", "Give one to a connection.", *options);
    assign->add_option("--to", options->to, "Id of the payment connection")->required();
    auto* dismiss = add_decision(*command, "dismiss", "Delete one.", *options);
    for (auto* part : {assign, dismiss}) {
        part->callback([options, &invocation] {
            invocation.run = [options, &invocation] { return decide(invocation, *options); };
        });
    }
}

}  // namespace hw
