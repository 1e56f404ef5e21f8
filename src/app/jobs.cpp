// SPDX-License-Identifier: Apache-2.0
// `headwater jobs`: the queue of background work, and what an operator does about it.
#include "core/jobs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "app/command_db.hpp"
#include "app/commands.hpp"
#include "app/exit_code.hpp"
#include "base/civil_time.hpp"

namespace hw {
namespace {

constexpr auto kFooter =
    "A job that was given up is dead and stays until somebody retries or discards it. What jobs "
    "depend on, for example webhook:wh_1, is their destination: it is let alone for a while after "
    "five failures in a row, and may be paused.\n\n"
    "Examples:\n"
    "  headwater jobs dead --workspace acme\n"
    "  headwater jobs show job_01J9ZZ --workspace acme\n"
    "  headwater jobs retry job_01J9ZZ --workspace acme\n"
    "  headwater jobs retry --destination webhook:wh_1 --error timeout --workspace acme\n"
    "  headwater jobs discard job_01J9ZZ --note 'sent by hand' --workspace acme\n"
    "  headwater jobs pause webhook:wh_1 --reason 'they asked' --workspace acme\n\n"
    "Exit codes: 0 done; 1 no such job, destination or workspace, or its state does not allow it; "
    "2 an option is wrong; 69, 74, 78 as for every command.";

struct JobOptions {
    std::string id;
    JobFilter filter{};
    std::int64_t limit = 50;
    bool all = false;
    std::string note;
};

using Act = int (*)(CommandDb& db, const Workspace& workspace, const JobOptions& options);

std::string line_of(const JobRecord& job) {
    return fmt::format("{}  {:9}  {} {}  attempts {}  at {}{}{}\n", job.job_id, job.state, job.kind,
                       job.subject_id, job.attempts, time_text(job.run_at_ms),
                       job.destination.empty() ? "" : "  to " + job.destination,
                       job.last_error.empty() ? "" : "  \"" + job.last_error + "\"");
}

std::string line_of(const JobDestination& found) {
    auto line = fmt::format("{}  failures {}", found.destination, found.failures);
    if (found.paused) line += fmt::format("  paused \"{}\"", found.paused_reason);
    if (found.open_until_ms > 0) line += "  let alone until " + time_text(found.open_until_ms);
    if (!found.last_error.empty()) line += "  \"" + found.last_error + "\"";
    return line + "\n";
}

int list_jobs(CommandDb& db, const Workspace& workspace, const JobOptions& options) {
    const auto jobs =
        db.read([&](Tx& tx) { return search_jobs(tx, options.filter, "", options.limit); },
                workspace.workspace_id);
    if (!jobs) return refused(jobs.error());
    for (const auto& job : *jobs) fmt::print("{}", line_of(job));
    if (jobs->empty()) fmt::print(stderr, "{} has no such jobs\n", workspace.slug);
    return exit_code::kOk;
}

int list_dead(CommandDb& db, const Workspace& workspace, const JobOptions& options) {
    auto dead = options;
    dead.filter.state = "dead";
    return list_jobs(db, workspace, dead);
}

int show_job(CommandDb& db, const Workspace& workspace, const JobOptions& options) {
    const auto job =
        db.read([&](Tx& tx) { return get_job(tx, options.id); }, workspace.workspace_id);
    if (!job) return refused(job.error());
    fmt::print(
        "{}made        {}\npriority    {}\norder key   {}\ndedupe key  {}\nnote        {}\n"
        "payload     {}\n",
        line_of(*job), time_text(job->created_at_ms), job->priority, job->order_key,
        job->dedupe_key, job->note, job->payload);
    return exit_code::kOk;
}

int retry_one(CommandDb& db, const Workspace& workspace, const std::string& id) {
    const auto job =
        db.write([&](Tx& tx) { return retry_job_now(tx, id); }, workspace.workspace_id);
    if (!job) return refused(job.error());
    fmt::print("{} is ready\n", job->job_id);
    return exit_code::kOk;
}

int retry_jobs(CommandDb& db, const Workspace& workspace, const JobOptions& options) {
    const auto& filter = options.filter;
    const bool filtered =
        !filter.kind.empty() || !filter.destination.empty() || !filter.error.empty();
    if (options.id.empty() == !(filtered || options.all)) {
        return refused({ErrorCode::BadRequest,
                        "give either the ID of a job, or --kind, --destination, --error or --all "
                        "for the dead ones that match"});
    }
    if (!options.id.empty()) return retry_one(db, workspace, options.id);
    auto meant = filter;
    meant.until_ms = db.db().env().now_ms() + 1;  // what dies again meanwhile is not meant
    std::size_t count = 0;
    for (std::string after;;) {
        const auto part = db.write([&](Tx& tx) { return retry_dead_jobs(tx, meant, after); },
                                   workspace.workspace_id);
        if (!part) return refused(part.error());
        count += part->count;
        if (part->last.empty()) break;
        after = part->last;
    }
    fmt::print("{} dead jobs of {} are ready\n", count, workspace.slug);
    return exit_code::kOk;
}

int discard_job(CommandDb& db, const Workspace& workspace, const JobOptions& options) {
    const auto job = db.write([&](Tx& tx) { return discard_job_now(tx, options.id, options.note); },
                              workspace.workspace_id);
    if (!job) return refused(job.error());
    fmt::print("{} is discarded\n", job->job_id);
    return exit_code::kOk;
}

int pause_destination(CommandDb& db, const Workspace& workspace, const JobOptions& options) {
    const auto paused =
        db.write([&](Tx& tx) { return pause_jobs_to(tx, options.id, options.note); },
                 workspace.workspace_id);
    if (!paused) return refused(paused.error());
    fmt::print("{}", line_of(*paused));
    return exit_code::kOk;
}

int resume_destination(CommandDb& db, const Workspace& workspace, const JobOptions& options) {
    const auto resumed =
        db.write([&](Tx& tx) { return resume_jobs_to(tx, options.id); }, workspace.workspace_id);
    if (!resumed) return refused(resumed.error());
    fmt::print("{} is resumed\n", resumed->destination);
    return exit_code::kOk;
}

int list_destinations(CommandDb& db, const Workspace& workspace, const JobOptions& options) {
    const auto found = db.read(
        [&](Tx& tx) -> Result<std::vector<JobDestination>> {
            return hw::list_destinations(tx, workspace.workspace_id, "", options.limit);
        },
        workspace.workspace_id);
    if (!found) return refused(found.error());
    for (const auto& each : *found) fmt::print("{}", line_of(each));
    if (found->empty()) {
        fmt::print(stderr, "no destination of {} is paused or failing\n", workspace.slug);
    }
    return exit_code::kOk;
}

using Shared = std::shared_ptr<JobOptions>;

CLI::App& add_action(CLI::App& jobs, Invocation& invocation, const Shared& options,
                     const std::pair<const char*, const char*>& name_and_about, Act act) {
    auto* command = jobs.add_subcommand(name_and_about.first, name_and_about.second);
    add_workspace_option(*command);
    add_database_option(*command);
    command->callback([&invocation, options, act] {
        invocation.run = [&invocation, options, act] {
            CommandDb db(invocation.database, Schema::Demand);
            const auto workspace = db.workspace(invocation.workspace);
            return workspace ? act(db, *workspace, *options) : refused(workspace.error());
        };
    });
    return *command;
}

void add_filter(CLI::App& command, const Shared& options) {
    command.add_option("--kind", options->filter.kind,
                       "What there is to do, for example copy_avatar");
    command.add_option("--destination", options->filter.destination,
                       "Whom it depends on, for example webhook:wh_1");
    command.add_option("--error", options->filter.error, "Part of the last error");
}

void add_limit(CLI::App& command, const Shared& options) {
    command.add_option("--limit", options->limit, "How many at most")
        ->check(CLI::Range(1, 10'000))
        ->capture_default_str();
}

}  // namespace

void add_jobs(CLI::App& app, Invocation& invocation) {
    auto* jobs = app.add_subcommand("jobs", "Look at background work, retry, discard, pause.");
    jobs->require_subcommand(1);
    jobs->footer(kFooter);
    const auto options = std::make_shared<JobOptions>();
    const auto add = [&](const char* name, const char* about, Act act) -> CLI::App& {
        return add_action(*jobs, invocation, options, {name, about}, act);
    };

    auto& list = add("list", "Show jobs, newest first.", list_jobs);
    list.add_option("--state", options->filter.state, "Only those")
        ->check(
            CLI::IsMember({"ready", "waiting", "running", "blocked", "done", "dead", "discarded"}));
    add_filter(list, options);
    add_limit(list, options);
    auto& dead = add("dead", "Show the jobs that were given up, newest first.", list_dead);
    add_filter(dead, options);
    add_limit(dead, options);
    add("show", "Show all of one job.", show_job)
        .add_option("ID", options->id, "From `headwater jobs list`")
        ->required();

    auto& retry =
        add("retry", "Try a dead or waiting job now, or all dead ones that match.", retry_jobs);
    retry.add_option("ID", options->id, "From `headwater jobs dead`");
    add_filter(retry, options);
    retry.add_flag("--all", options->all, "Every dead job of the workspace");
    auto& discard = add("discard", "End a job that is not wanted any more.", discard_job);
    discard.add_option("ID", options->id, "From `headwater jobs list`")->required();
    discard.add_option("--note", options->note, "Why");

    add_limit(add("destinations", "Show who is paused or failing.", list_destinations), options);
    auto& pause = add("pause", "Attempt nothing that depends on a destination.", pause_destination);
    pause.add_option("DESTINATION", options->id, "For example webhook:wh_1")->required();
    pause.add_option("--reason", options->note, "Why, for those who come after you");
    add("resume", "End a pause, and try a failing destination at once.", resume_destination)
        .add_option("DESTINATION", options->id, "From `headwater jobs destinations`")
        ->required();
}

}  // namespace hw
