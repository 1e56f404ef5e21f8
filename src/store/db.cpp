// SPDX-License-Identifier: Apache-2.0
#include "store/db.hpp"

#include <fmt/format.h>

#include "base/limits.hpp"
#include "base/log.hpp"
#include "store/engine.hpp"

namespace hw {

Error unavailable(std::string_view why) {
    return {ErrorCode::Unavailable,
            fmt::format("The server cannot take this request now ({}). Nothing was recorded; send "
                        "it again after the time in Retry-After.",
                        why),
            std::string(why)};
}

Error error_of(const Fault& fault) {
    log(LogLevel::Error, "database_fault", {{"what", fault.what()}});
    switch (fault.kind()) {
        case FaultKind::Retryable:
            return unavailable("busy");
        case FaultKind::Lost:
            return unavailable("database_lost");
        case FaultKind::Full:
            return unavailable("disk_full");
        case FaultKind::Broken:
            return unavailable("disk_failed");
        case FaultKind::Incompatible:
            return unavailable("database_incompatible");
        case FaultKind::Bug:
            break;
    }
    return {ErrorCode::Internal,
            "An internal server error occurred. Please contact our support if the problem "
            "persists.",
            "bug"};
}

namespace {

void survive(std::string_view what, FunctionRef<void()> callback) {
    try {
        callback();
    } catch (const std::exception& thrown) {
        log(LogLevel::Error, "callback_threw", {{"callback", what}, {"what", thrown.what()}});
    }
}

}  // namespace

void announce(const DbOptions& options, const std::vector<std::string>& invalidated) {
    if (!options.on_invalidate) return;
    for (const auto& name : invalidated) {
        survive("on_invalidate", [&] { options.on_invalidate(name); });
    }
}

void announce_jobs(const DbOptions& options) {
    if (options.on_jobs) survive("on_jobs", [&] { options.on_jobs(); });
}

void announce_broken(const DbOptions& options, std::string_view why) {
    log(LogLevel::Error, "database_broken", {{"what", why}});
    if (options.on_broken) survive("on_broken", [&] { options.on_broken(std::string(why)); });
}

void answer_together(const DbOptions& options, FunctionRef<void()> answers) {
    if (options.around_answers) {
        options.around_answers(answers);
    } else {
        answers();
    }
}

void answer_task(Task& task, std::optional<Error> error) {
    survive("result of a use case", [&] {
        if (error) {
            task.fail(std::move(*error));
        } else {
            task.finish();
        }
    });
}

std::vector<RecordedClick> record_batch(Tx& tx, const DbOptions& options,
                                        const std::vector<PendingClick>& clicks) {
    std::vector<const Touch*> touches;
    touches.reserve(clicks.size());
    for (const auto& click : clicks) touches.push_back(&click.touch);
    auto answers = options.record_clicks(tx, touches);
    HW_ASSERT(answers.size() == clicks.size());
    return answers;
}

void remember_clicks(RecentClicks& recent, const std::vector<PendingClick>& clicks,
                     const std::vector<RecordedClick>& answers, std::uint64_t commit) {
    for (std::size_t i = 0; i < clicks.size(); ++i) {
        // The hour runs from the click that counted, whose time its id carries.
        recent.remember(recent_key(clicks[i].touch), answers[i].click_id,
                        click_id_time_ms(answers[i].click_id), commit);
    }
}

void answer_clicks(std::vector<PendingClick>& clicks, std::vector<RecordedClick>& answers) {
    for (std::size_t i = 0; i < clicks.size(); ++i) {
        if (!clicks[i].done) continue;
        survive("result of a click", [&] { clicks[i].done(std::move(answers[i])); });
    }
}

void refuse_clicks(DbStats& stats, std::vector<PendingClick>& clicks, const Error& error) {
    for (auto& click : clicks) {
        if (!click.done) {
            ++stats.clicks_lost;
            continue;
        }
        survive("result of a click", [&] { click.done(std::unexpected(error)); });
    }
}

Db::Db(DbOptions options, Env& env) : options_(std::move(options)), env_(env) {
    const EngineParts parts{options_, env_, stats_, recent_};
    engine_ =
        engine() == EngineKind::Sqlite ? make_sqlite_engine(parts) : make_postgres_engine(parts);
}

Db::~Db() {
    engine_->stop();
}

void Db::submit(std::unique_ptr<Task> task, Lane lane) {
    const bool taken = lane == Lane::Write  ? engine_->submit_write(task)
                       : lane == Lane::Read ? engine_->submit_read(task)
                                            : engine_->submit_scan(task);
    if (taken) return;
    ++stats_.refused;
    task->fail(unavailable("queue_full"));
}

void Db::record_click(Touch touch, ClickDone done) {
    PendingClick click{std::move(touch), std::move(done)};
    if (options_.async_clicks) {
        const std::string id = click.touch.touch_id;
        PendingClick recorded{click.touch, {}};
        recorded.touch.answered = true;
        if (engine_->submit_click(recorded)) {
            click.done(RecordedClick{id, false});
            return;
        }
        // The bounded queue is full: fall back to waiting like everybody else.
    }
    if (!engine_->submit_click(click)) {
        ++stats_.refused;
        click.done(std::unexpected(unavailable("click_queue_full")));
    }
}

std::optional<std::string> Db::recent_click(const Touch& touch, std::int64_t now_ms) const {
    auto found = recent_.find_durable(recent_key(touch), now_ms);
    if (!found && touch.visitor_yesterday != 0) {
        auto before_midnight = touch.visitor_yesterday;
        if (touch.bot) before_midnight = ~before_midnight;
        found = recent_.find_durable(recent_key(touch.workspace_id, touch.link_id, before_midnight),
                                     now_ms);
    }
    return found;
}

}  // namespace hw
