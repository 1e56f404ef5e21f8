// SPDX-License-Identifier: Apache-2.0
#include "jobs/periodic.hpp"

#include <algorithm>
#include <exception>

#include "base/civil_time.hpp"
#include "base/limits.hpp"
#include "base/log.hpp"
#include "core/close_days.hpp"
#include "core/complete_conversions.hpp"
#include "core/credit_clicks.hpp"
#include "core/resolve_fraud_group.hpp"
#include "core/run_workflows.hpp"
#include "core/seal_ledger.hpp"
#include "core/settle_commission.hpp"
#include "core/tell_status.hpp"
#include "store/advisory_lock.hpp"
#include "store/delivery_attempts.hpp"
#include "store/inbox.hpp"
#include "store/jobs.hpp"
#include "store/page_views.hpp"
#include "store/salts.hpp"
#include "store/workspaces.hpp"

namespace hw {
namespace {

constexpr std::int64_t kRetryMs = kMinuteMs;
constexpr std::int64_t kEndedJobsKeptMs = 7 * kDayMs;
constexpr std::int64_t kDeliveredKeptMs = 30 * kDayMs;
constexpr std::int64_t kDeletedAtOnce = 10'000;
constexpr std::int64_t kDaysBudgetMs = 5'000;

// Two salts are kept, today's and yesterday's; with the older ones deleted, nobody can tell any
// more which visitor was which.
Result<void> delete_old_salts(Db& db) {
    return on_one_node(db, "delete_old_salts", [](Tx& tx) {
        delete_salts_before(tx, date_text(start_of_day_ms(tx.now_ms()) - kDayMs));
    });
}

Result<void> delete_old_jobs(Db& db) {
    return on_one_node(db, "delete_old_jobs", [](Tx& tx) {
        delete_ended_jobs(tx, tx.now_ms() - kEndedJobsKeptMs, kDeletedAtOnce);
    });
}

// What nobody vouched for in all that time.
Result<void> delete_old_deliveries(Db& db) {
    const auto workspaces =
        HW_TRY(db.read_now<std::vector<Workspace>>(std::string(kOperator), list_workspaces));
    for (const auto& workspace : workspaces) {
        HW_TRY(db.write_now<std::size_t>(workspace.workspace_id, [](Tx& tx) -> Result<std::size_t> {
            return delete_old_quarantine(tx, tx.now_ms() - limits::kQuarantineMs, kDeletedAtOnce);
        }));
    }
    return {};
}

Result<void> close_old_days(Db& db) {
    const auto until_ms = db.env().now_ms() + kDaysBudgetMs;
    const auto workspaces =
        HW_TRY(db.read_now<std::vector<Workspace>>(std::string(kOperator), list_workspaces));
    for (const auto& workspace : workspaces) {
        // The program may be about to end, and it waits for this.
        while (HW_TRY(close_days(db, workspace.workspace_id, 1)) > 0) {
            if (db.env().now_ms() >= until_ms) return {};
        }
    }
    return {};
}

Result<void> credit_final_days(Db& db) {
    const auto until_ms = db.env().now_ms() + kDaysBudgetMs;
    const auto workspaces =
        HW_TRY(db.read_now<std::vector<Workspace>>(std::string(kOperator), list_workspaces));
    for (const auto& workspace : workspaces) {
        while (HW_TRY(credit_clicks(db, workspace.workspace_id, 1)) > 0) {
            if (db.env().now_ms() >= until_ms) break;
        }
    }
    return {};
}

// Sales that waited for a rate, whoever has brought it.
Result<void> complete_sales(Db& db) {
    constexpr std::int64_t kAtOnce = 500;
    const auto workspaces =
        HW_TRY(db.read_now<std::vector<Workspace>>(std::string(kOperator), list_workspaces));
    for (const auto& workspace : workspaces) {
        std::string after_id;
        do {
            after_id = HW_TRY(db.write_now<std::string>(
                workspace.workspace_id, [&](Tx& tx) -> Result<std::string> {
                    return complete_conversions(tx, after_id, kAtOnce).last_id;
                }));
        } while (!after_id.empty());
    }
    return {};
}

// What webhooks have received long ago. What they have not received stays until somebody decides.
Result<void> forget_deliveries(Db& db) {
    constexpr std::int64_t kAtOnce = 1'000;
    const auto before_ms = db.env().now_ms() - kDeliveredKeptMs;
    const auto workspaces =
        HW_TRY(db.read_now<std::vector<Workspace>>(std::string(kOperator), list_workspaces));
    for (const auto& workspace : workspaces) {
        const auto until_ms = db.env().now_ms() + kDaysBudgetMs;
        std::int64_t forgotten = kAtOnce;
        while (forgotten == kAtOnce && db.env().now_ms() < until_ms) {
            forgotten = HW_TRY(db.write_now<std::int64_t>(
                workspace.workspace_id, [&](Tx& tx) -> Result<std::int64_t> {
                    return delete_delivered(tx, before_ms, kAtOnce);
                }));
        }
    }
    return {};
}

// What pages told long ago, and the sessions that were made of it. Sales keep the evidence that
// they had recorded, and what was seen together stays: by it the clicks of a person are found.
Result<void> forget_page_views(Db& db, std::int64_t days) {
    constexpr std::int64_t kAtOnce = 1'000;
    const auto before_ms = db.env().now_ms() - days * kDayMs;
    const auto workspaces =
        HW_TRY(db.read_now<std::vector<Workspace>>(std::string(kOperator), list_workspaces));
    for (const auto& workspace : workspaces) {
        const auto until_ms = db.env().now_ms() + kDaysBudgetMs;
        std::int64_t forgotten = kAtOnce;
        while (forgotten == kAtOnce && db.env().now_ms() < until_ms) {
            forgotten = HW_TRY(db.write_now<std::int64_t>(
                workspace.workspace_id, [&](Tx& tx) -> Result<std::int64_t> {
                    return delete_page_views(tx, before_ms, kAtOnce);
                }));
        }
    }
    return {};
}

// What came due becomes payable, and what was booked is sealed.
Result<void> keep_ledgers(Db& db) {
    constexpr std::int64_t kAtOnce = 500;
    const auto workspaces =
        HW_TRY(db.read_now<std::vector<Workspace>>(std::string(kOperator), list_workspaces));
    for (const auto& workspace : workspaces) {
        const auto& id = workspace.workspace_id;
        std::string after_id;
        do {
            after_id = HW_TRY(db.write_now<std::string>(id, [&](Tx& tx) -> Result<std::string> {
                return settle_matured(tx, after_id, kAtOnce);
            }));
        } while (!after_id.empty());
        std::int64_t sealed = kAtOnce;
        while (sealed == kAtOnce) {
            sealed = HW_TRY(db.write_now<std::int64_t>(
                id, [](Tx& tx) -> Result<std::int64_t> { return seal_ledger(tx, kAtOnce); }));
        }
    }
    return {};
}

// Nobody decided about them in time, or there were too many commissions for one transaction.
Result<void> settle_fraud(Db& db) {
    const auto workspaces =
        HW_TRY(db.read_now<std::vector<Workspace>>(std::string(kOperator), list_workspaces));
    for (const auto& workspace : workspaces) {
        const auto until_ms = db.env().now_ms() + kDaysBudgetMs;
        while (HW_TRY(db.write_now<std::int64_t>(
                   workspace.workspace_id, [](Tx& tx) -> Result<std::int64_t> {
                       return settle_fraud_groups(tx, limits::kFraudSettledAtOnce);
                   })) > 0) {
            if (db.env().now_ms() >= until_ms) break;
        }
    }
    return {};
}

// What is due as days go by.
Result<void> run_schedules(Db& db) {
    const auto workspaces =
        HW_TRY(db.read_now<std::vector<Workspace>>(std::string(kOperator), list_workspaces));
    for (const auto& workspace : workspaces) {
        std::string after;
        do {
            after = HW_TRY(db.write_now<std::string>(
                workspace.workspace_id, [&](Tx& tx) -> Result<std::string> {
                    return run_scheduled_workflows(tx, after, limits::kWorkflowPartnersAtOnce);
                }));
        } while (!after.empty());
    }
    return {};
}

// Looked at by a reader first: the way to the writer is for those whose status changed.
Result<void> tell_statuses(Db& db) {
    const auto workspaces =
        HW_TRY(db.read_now<std::vector<Workspace>>(std::string(kOperator), list_workspaces));
    for (const auto& workspace : workspaces) {
        const auto& id = workspace.workspace_id;
        const bool is_news = HW_TRY(
            db.read_now<bool>(id, [](Tx& tx) -> Result<bool> { return has_new_status(tx); }));
        if (!is_news) continue;
        HW_TRY(db.write_now<bool>(id, [](Tx& tx) -> Result<bool> { return tell_status(tx); }));
    }
    return {};
}

}  // namespace

std::vector<PeriodicTask> periodic_tasks(const PeriodicOptions& options) {
    return {
        {"delete_old_salts", kHourMs, delete_old_salts},
        {"delete_old_jobs", kHourMs, delete_old_jobs},
        {"delete_old_quarantine", kHourMs, delete_old_deliveries},
        {"close_old_days", 10 * kMinuteMs, close_old_days},
        {"complete_sales", 10 * kMinuteMs, complete_sales},
        {"credit_clicks", kHourMs, credit_final_days},
        {"forget_deliveries", kHourMs, forget_deliveries},
        {"forget_page_views", kHourMs,
         [days = options.page_view_days](Db& db) { return forget_page_views(db, days); }},
        {"keep_ledgers", kMinuteMs, keep_ledgers},
        {"run_schedules", kHourMs, run_schedules},
        {"settle_fraud", kMinuteMs, settle_fraud},
        {"tell_statuses", 10 * kMinuteMs, tell_statuses},
    };
}

Result<void> on_one_node(Db& db, std::string_view name, std::function<void(Tx& tx)> step) {
    const auto done = db.write_now<bool>(
        std::string(kOperator),
        [name = std::string(name), step = std::move(step)](Tx& tx) -> Result<bool> {
            if (!try_advisory_lock(tx, name)) return false;
            step(tx);
            return true;
        });
    if (!done) return std::unexpected(done.error());
    return {};
}

PeriodicWork::PeriodicWork(Db& db, std::vector<PeriodicTask> tasks) : db_(db) {
    const auto now_ms = db.env().now_ms();
    for (auto& task : tasks) entries_.push_back({std::move(task), now_ms});
}

std::size_t PeriodicWork::run_due() {
    std::size_t count = 0;
    for (auto& entry : entries_) {
        const auto now_ms = db_.env().now_ms();
        if (entry.due_ms > now_ms) continue;
        const auto period_ms = entry.task.period_ms;
        entry.due_ms = now_ms + (run(entry.task) ? period_ms : std::min(period_ms, kRetryMs));
        ++count;
    }
    return count;
}

bool PeriodicWork::run(const PeriodicTask& task) {
    std::string why;
    try {
        const auto done = task.run(db_);
        if (done) return true;
        why = done.error().message;
    } catch (const std::exception& fault) {
        why = fault.what();
    }
    log(LogLevel::Error, "periodic_task_failed", {{"task", task.name}, {"why", why}});
    return false;
}

}  // namespace hw
