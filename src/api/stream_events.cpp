// SPDX-License-Identifier: Apache-2.0
#include "api/stream_events.hpp"

#include <fmt/format.h>

#include <deque>

#include "api/analytics_query.hpp"
#include "api/json.hpp"
#include "api/live_events.hpp"
#include "api/query.hpp"
#include "base/id.hpp"
#include "base/log.hpp"
#include "base/utf8.hpp"

namespace hw::api {
namespace {

struct Asked {
    std::optional<Counting> only;
    std::optional<std::int64_t> from_ms;  // nothing: new events alone
    std::string server_url;
};

// What has happened already is read from the database, as fast as the client takes it. Only then
// new events are queued for it, and those that both found are told apart by their ids.
class EventStream final : public BodySource,
                          public LiveListener,
                          public std::enable_shared_from_this<EventStream> {
  public:
    EventStream(LiveEvents& live, std::shared_ptr<LiveFeed> feed, std::shared_ptr<void> place,
                const Asked& asked)
        : live_(live), feed_(std::move(feed)), place_(std::move(place)), only_(asked.only) {
        if (!asked.from_ms) return;
        phase_ = Phase::Replay;
        after_ = place_before(*asked.from_ms);
    }

    void next(Take take) override {
        std::unique_lock lock(mutex_);
        if (finished_) return take(piece(BodyPiece::End::Complete));
        if (phase_ != Phase::Live) {
            lock.unlock();
            return read_on(std::move(take));
        }
        if (!ready()) {
            waiting_ = std::move(take);
            return;
        }
        auto made = piece(BodyPiece::End::No);
        lock.unlock();
        take(std::move(made));
    }

    void finish() override {
        const std::unique_lock lock(mutex_);
        finished_ = true;
        answer([&] { return piece(BodyPiece::End::Complete); });
    }

    void deliver(Events events) override {
        const std::unique_lock lock(mutex_);
        for (const auto& event : events) {
            if (only_ && *only_ != event->counting) continue;
            if (queued_bytes_ + event->text.size() > live_.options().stream_bytes_max) {
                too_slow_ = true;
            }
            if (too_slow_) return;
            queued_bytes_ += event->text.size();
            queue_.push_back(event);
        }
        if (phase_ == Phase::Live && ready()) answer([&] { return piece(BodyPiece::End::No); });
    }

    void beat() override {
        const std::unique_lock lock(mutex_);
        answer([] { return BodyPiece{.bytes = ":\n\n"}; });
    }

  private:
    enum class Phase : std::uint8_t {
        Replay,   // what is too old to become more
        CatchUp,  // the rest, until there is no more
        Join,     // once more, while new events queue up already
        Live,
    };
    struct Read {
        std::string text;
        TailPage page;
        std::int64_t to_ms;
    };

    bool ready() const { return !queue_.empty() || too_slow_ || !greeted_; }

    // The lock is held while it is answered, so that nothing overtakes it; `take` only hands over.
    template <class Make>
    void answer(Make make) {
        if (!waiting_) return;
        auto take = std::move(*std::exchange(waiting_, std::nullopt));
        take(make());
    }

    BodyPiece piece(BodyPiece::End end) {
        BodyPiece made{.bytes = std::exchange(greeted_, true) ? "" : "retry: 1000\n\n", .end = end};
        while (!queue_.empty() && made.bytes.size() < limits::kStreamPieceBytes) {
            const auto event = std::move(queue_.front());
            queue_.pop_front();
            queued_bytes_ -= event->text.size();
            if (!seen_.contains(event->id)) made.bytes += event->text;
        }
        // What was queued before it was too slow is good; what came then, a next stream tells.
        if (too_slow_ && queue_.empty()) made.end = BodyPiece::End::Broken;
        return made;
    }

    void read_on(Take take) {
        const bool replay = phase_ == Phase::Replay;
        auto step = [self = shared_from_this(), replay](Tx& tx) -> Result<Read> {
            return self->read_page(tx, replay);
        };
        auto done = [self = shared_from_this(), take = std::move(take)](Result<Read> read) mutable {
            if (read) return take(self->accept(std::move(*read)));
            log(LogLevel::Warn, "stream_broken", {{"why", read.error().message}});
            take({.end = BodyPiece::End::Broken});
        };
        live_.db().scan<Read>(feed_->workspace_id(), std::move(step), std::move(done));
    }

    Result<Read> read_page(Tx& tx, bool replay) const {
        Read read{.text = {}, .page = {}, .to_ms = tx.now_ms() - limits::kEventLateMs};
        EventTail tail{.after = after_, .only = only_};
        if (replay) {
            tail.to_ms = read.to_ms;
        } else {
            tail.seen = &seen_;
        }
        read.page = read_tail(tx, tail, limits::kStreamRowsAtOnce);
        for (const auto& event : read.page.events) {
            read.text += live_event(event, feed_->server_url())->text;
        }
        return read;
    }

    // The next phase, when this one has nothing more.
    BodyPiece accept(Read&& read) {
        const std::unique_lock lock(mutex_);
        if (phase_ == Phase::Replay) {
            after_ = read.page.after;
            if (read.page.last) {
                // Of the last half minute more may still come up before what was read of it.
                const auto end = place_before(read.to_ms);
                for (std::size_t i = 0; i < end.size(); ++i)
                    after_[i] = std::max(after_[i], end[i]);
                phase_ = Phase::CatchUp;
            }
        } else {
            for (auto& id : read.page.ids) seen_.add(std::move(id));
            if (read.page.last && phase_ == Phase::Join) {
                phase_ = Phase::Live;
            } else if (read.page.last) {
                feed_->attach(weak_from_this());
                phase_ = Phase::Join;
            }
        }
        const bool greeted = std::exchange(greeted_, true);
        return {.bytes = greeted ? std::move(read.text) : "retry: 1000\n\n" + read.text};
    }

    LiveEvents& live_;
    const std::shared_ptr<LiveFeed> feed_;
    const std::shared_ptr<void> place_;
    const std::optional<Counting> only_;

    // Of next(), which is called one after the other.
    Phase phase_ = Phase::Live;
    TailPlace after_{};
    SeenEvents seen_;  // what was sent in CatchUp and Join

    std::mutex mutex_;  // for what follows, and for a phase that changes
    std::deque<std::shared_ptr<const LiveEvent>> queue_;
    std::size_t queued_bytes_ = 0;
    std::optional<Take> waiting_;
    bool greeted_ = false;
    bool too_slow_ = false;
    bool finished_ = false;
};

// The header, which browsers and libraries send by themselves when they connect again, wins.
Result<std::optional<std::int64_t>> read_from(const Request& request) {
    const auto sent = request.header("Last-Event-ID");
    const auto id = sent.empty() ? HW_TRY(query_text(request.query, "lastEventId")).value_or("")
                                 : std::string(sent);
    if (id.empty()) return std::optional<std::int64_t>();
    if (const auto at_ms = event_id_time_ms(id)) {
        return std::optional(*at_ms - limits::kStreamOverlapMs);
    }
    const auto seen = valid_utf8(utf8_prefix(id, limits::kReferenceCharactersMax));
    return std::unexpected(invalid_field(
        "invalid_format", "lastEventId",
        fmt::format("Invalid input: expected the id of an event of this stream, received \"{}\"",
                    seen)));
}

Result<std::optional<Counting>> read_only(std::string_view query) {
    const auto text = HW_TRY(query_text(query, "event"));
    if (!text) return std::optional<Counting>();
    return std::optional(HW_TRY(counting_of(*text, Allow::OneKind)));
}

}  // namespace

Result<Work> stream_events(const Call& call) {
    Asked asked{.only = {}, .from_ms = {}, .server_url = call.server_url()};
    asked.only = HW_TRY(read_only(call.request.query));
    asked.from_ms = HW_TRY(read_from(call.request));
    auto place = HW_TRY(call.live->admit(call.workspace().workspace_id));
    return Work{Work::Mode::Read,
                [asked = std::move(asked), place = std::move(place),
                 &live = *call.live](Tx& tx) -> Result<Answer> {
                    auto feed = live.open(tx, asked.server_url);
                    const auto stream = std::make_shared<EventStream>(live, feed, place, asked);
                    if (!asked.from_ms) feed->attach(stream);
                    Answer answer;
                    answer.content_type = "text/event-stream";
                    answer.headers.emplace_back("Cache-Control", "no-store");
                    answer.headers.emplace_back("X-Accel-Buffering", "no");  // proxies: do not wait
                    answer.stream = stream;
                    return answer;
                }};
}

}  // namespace hw::api
