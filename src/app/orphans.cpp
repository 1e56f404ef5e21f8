// SPDX-License-Identifier: Apache-2.0
// `headwater orphans`: conversions without a link, their automatic repair, and its undoing.
#include <fmt/format.h>

#include <memory>

#include "app/command_db.hpp"
#include "app/commands.hpp"
#include "app/exit_code.hpp"
#include "base/civil_time.hpp"
#include "base/limits.hpp"
#include "base/money.hpp"
#include "core/orphans.hpp"
#include "core/repair_attribution.hpp"

namespace hw {
namespace {

constexpr auto kActor = "command line";

constexpr auto kFooter =
    "`fix` decides orphans again by all that is known now. Without --apply it only shows what "
    "would change. Each page of 500 that was applied is a repair of its own, which `undo` takes "
    "back.\n\n"
    "Examples:\n"
    "  headwater orphans list --workspace acme\n"
    "  headwater orphans fix --accept-inferred --workspace acme\n"
    "  headwater orphans fix --accept-inferred --apply --workspace acme\n"
    "  headwater orphans undo rep_1KZ... --workspace acme\n\n"
    "Exit codes: 0 done; 1 no such repair or workspace, or it cannot be undone; 2, 69, 78 as for "
    "every command.";

struct FixOptions {
    bool apply = false;
    bool accept_inferred = false;
};

void print_orphan(const Orphan& orphan) {
    const auto& sale = orphan.conversion;
    fmt::print("{}  {}  {} {}  {}{}\n", sale.conversion_id, time_text(sale.occurred_at_ms),
               format_minor(sale.amount, sale.currency), sale.currency, orphan.decision.reason,
               orphan.suggested ? "  suggested: " + orphan.suggested->link_id : "");
}

int list(const std::string& database, const std::string& workspace) {
    CommandDb db(database, Schema::Demand);
    const auto owner = db.workspace(workspace);
    if (!owner) return refused(owner.error());
    std::string after;
    for (;;) {
        const auto page = db.read(
            [&](Tx& tx) -> Result<OrphanPage> {
                return list_orphan_page(tx, after, limits::kRepairedAtOnceMax);
            },
            owner->workspace_id);
        if (!page) return refused(page.error());
        for (const auto& orphan : page->orphans) print_orphan(orphan);
        after = page->next_id;
        if (!after.empty()) continue;
        for (const auto& [reason, count] : page->counts) fmt::print("{} {}\n", count, reason);
        if (page->counts.empty()) fmt::print("no orphans\n");
        return exit_code::kOk;
    }
}

std::string decision_text(const Attribution& decision) {
    if (decision.rung == "orphan") return "orphan (" + decision.reason + ")";
    const auto& link_id = decision.link_id ? decision.link_id : decision.inferred_link_id;
    return fmt::format("{} {} {}", decision.rung, decision.confidence, link_id.value_or("-"));
}

void print_repaired(const RepairedAttribution& repaired) {
    for (const auto& changed : repaired.conversions) {
        fmt::print("{}: {} -> {}, earnings {:+}\n", changed.after.conversion_id,
                   decision_text(changed.before), decision_text(changed.after), changed.earnings);
    }
    for (const auto& [partner_id, earnings] : repaired.earnings_of_partners) {
        fmt::print("partner {}: {:+}\n", partner_id, earnings);
    }
}

Result<RepairedAttribution> fix_page(CommandDb& db, const std::string& workspace_id,
                                     const FixOptions& options, const std::string& after) {
    const auto work = [&](Tx& tx) {
        return fix_orphans(tx, {.conversion_ids = {},
                                .after_id = after,
                                .limit = limits::kRepairedAtOnceMax,
                                .accept_inferred = options.accept_inferred,
                                .actor = kActor});
    };
    if (options.apply) return db.write(work, workspace_id);
    return db.db().dry_run_now<RepairedAttribution>(workspace_id, work);
}

int fix(const std::string& database, const std::string& workspace, const FixOptions& options) {
    CommandDb db(database, Schema::Demand);
    const auto owner = db.workspace(workspace);
    if (!owner) return refused(owner.error());
    std::size_t changed = 0;
    std::string after;
    do {
        const auto repaired = fix_page(db, owner->workspace_id, options, after);
        if (!repaired) return refused(repaired.error());
        print_repaired(*repaired);
        if (options.apply && !repaired->repair_id.empty()) {
            fmt::print("repair {}\n", repaired->repair_id);
        }
        changed += repaired->conversions.size();
        after = repaired->next_id;
    } while (!after.empty());
    fmt::print("{} conversions {}\n", changed,
               options.apply ? "decided otherwise"
                             : "would be decided otherwise; nothing was changed (--apply does)");
    return exit_code::kOk;
}

int undo(const std::string& database, const std::string& workspace, const std::string& id) {
    CommandDb db(database, Schema::Demand);
    const auto owner = db.workspace(workspace);
    if (!owner) return refused(owner.error());
    const auto undone =
        db.write([&](Tx& tx) { return undo_repair(tx, id, kActor); }, owner->workspace_id);
    if (!undone) return refused(undone.error());
    print_repaired(*undone);
    fmt::print("{} conversions as before\n", undone->conversions.size());
    return exit_code::kOk;
}

CLI::App* add_part(CLI::App& command, const char* name, const char* about) {
    auto* part = command.add_subcommand(name, about);
    add_workspace_option(*part);
    add_database_option(*part);
    return part;
}

}  // namespace

void add_orphans(CLI::App& app, Invocation& invocation) {
    auto* command = app.add_subcommand("orphans", "Show and repair conversions without a link.");
    command->require_subcommand(1);
    command->footer(kFooter);
    add_part(*command, "list", "Show every orphan and why it is one.")->callback([&invocation] {
        invocation.run = [&invocation] { return list(invocation.database, invocation.workspace); };
    });
    const auto options = std::make_shared<FixOptions>();
    auto* fix_command = add_part(*command, "fix", "Decide orphans again; a preview by default.");
    fix_command->add_flag("--apply", options->apply, "Change them");
    fix_command->add_flag("--accept-inferred", options->accept_inferred,
                          "Take matches that nothing proves as well");
    fix_command->callback([options, &invocation] {
        invocation.run = [options, &invocation] {
            return fix(invocation.database, invocation.workspace, *options);
        };
    });
    const auto id = std::make_shared<std::string>();
    auto* undo_command = add_part(*command, "undo", "Give each conversion its former decision.");
    undo_command->add_option("REPAIR", *id, "As `fix --apply` printed it")->required();
    undo_command->callback([id, &invocation] {
        invocation.run = [id, &invocation] {
            return undo(invocation.database, invocation.workspace, *id);
        };
    });
}

}  // namespace hw
