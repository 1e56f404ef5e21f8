// SPDX-License-Identifier: Apache-2.0
#include "api/live_events.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "api/event_json.hpp"
#include "api/json_text.hpp"

namespace hw {
namespace {

// A poll looks back this far, which is where nearly every event that is late turns up. A sweep
// looks for the others.
constexpr std::int64_t kLookBackMs = 2'000;

Counting counting_of(const Event& event) {
    if (!event.conversion) return Counting::Clicks;
    return event.conversion->conversion.kind == "lead" ? Counting::Leads : Counting::Sales;
}

}  // namespace

std::shared_ptr<const LiveEvent> live_event(const Event& event, std::string_view server_url) {
    const auto body = event_json(event, server_url);
    return std::make_shared<const LiveEvent>(
        LiveEvent{event.id, counting_of(event),
                  fmt::format("id: {}\nevent: {}\ndata: {}\n\n", event.id,
                              std::string_view(body.at("event").as_string()), json_text(body))});
}

struct LiveFeed::Found {
    std::vector<std::shared_ptr<const LiveEvent>> events;
    std::vector<std::string> ids;
    bool last = false;
};

LiveFeed::LiveFeed(std::string workspace_id, std::string server_url, std::vector<std::string> seen,
                   std::int64_t now_ms)
    : workspace_id_(std::move(workspace_id)),
      server_url_(std::move(server_url)),
      looked_ms_(now_ms),
      swept_ms_(now_ms) {
    for (auto& id : seen) seen_.add(std::move(id));
}

void LiveFeed::attach(std::weak_ptr<LiveListener> listener) {
    const std::scoped_lock lock(mutex_);
    listeners_.push_back(std::move(listener));
}

std::vector<std::shared_ptr<LiveListener>> LiveFeed::listeners() {
    const std::scoped_lock lock(mutex_);
    std::erase_if(listeners_, [](const auto& listener) { return listener.expired(); });
    std::vector<std::shared_ptr<LiveListener>> living;
    for (const auto& listener : listeners_) {
        if (auto one = listener.lock()) living.push_back(std::move(one));
    }
    return living;
}

void LiveFeed::beat() {
    for (const auto& listener : listeners()) listener->beat();
}

void LiveFeed::poll(Db& db, const LiveOptions& options) {
    if (looking_.exchange(true)) return;
    const bool sweep = ++polls_ >= options.polls_per_sweep;
    if (sweep) polls_ = 0;
    look(db, {.now_ms = db.env().now_ms(),
              .from_ms = sweep ? swept_ms_ - limits::kEventLateMs : looked_ms_ - kLookBackMs,
              .sweep = sweep});
}

// What fails is looked for again by the next one, which begins where the last good one did.
void LiveFeed::look(Db& db, const Look& look) {
    db.read<Found>(
        workspace_id_, [self = shared_from_this(), look](Tx& tx) { return self->find(tx, look); },
        [self = shared_from_this(), &db, look](Result<Found> found) {
            if (found) {
                const bool last = found->last;
                self->accept(std::move(*found));
                if (!last) return self->look(db, look);
                self->looked_ms_ = look.now_ms;
                if (look.sweep) self->swept_ms_ = look.now_ms;
                self->seen_.forget_before(self->swept_ms_ - limits::kEventLateMs);
            }
            self->looking_ = false;
        });
}

Result<LiveFeed::Found> LiveFeed::find(Tx& tx, const Look& look) const {
    auto page = read_tail(tx, {.after = place_before(look.from_ms), .seen = &seen_},
                          limits::kStreamRowsAtOnce);
    Found found{.events = {}, .ids = std::move(page.ids), .last = page.last};
    for (const auto& event : page.events) found.events.push_back(live_event(event, server_url_));
    return found;
}

void LiveFeed::accept(Found&& found) {
    for (auto& id : found.ids) seen_.add(std::move(id));
    if (found.events.empty()) return;
    for (const auto& listener : listeners()) listener->deliver(found.events);
}

// How many streams are open, in all and of each workspace.
struct LiveEvents::Places {
    std::mutex mutex;
    std::map<std::string, std::size_t> of_workspace;
    std::size_t total = 0;
};

LiveEvents::LiveEvents(Db& db, LiveOptions options)
    : db_(db), options_(options), places_(std::make_shared<Places>()), thread_([this] { run(); }) {}

LiveEvents::~LiveEvents() {
    {
        const std::scoped_lock lock(mutex_);
        stopped_ = true;
    }
    wake_.notify_all();
    thread_.join();
}

Result<std::shared_ptr<void>> LiveEvents::admit(const std::string& workspace_id) {
    const std::scoped_lock lock(places_->mutex);
    if (places_->total >= options_.streams_max) {
        return fail(ErrorCode::Unavailable,
                    fmt::format("This server has {} live streams open, the most that it may have. "
                                "Try again when one has ended.",
                                options_.streams_max),
                    "too_many_streams");
    }
    auto& mine = places_->of_workspace[workspace_id];
    if (mine >= options_.streams_of_workspace_max) {
        return fail(ErrorCode::RateLimitExceeded,
                    fmt::format("This workspace has {} live streams open on this server, the most "
                                "that it may have. Close one of them first.",
                                options_.streams_of_workspace_max),
                    "too_many_streams");
    }
    ++mine;
    ++places_->total;
    return std::shared_ptr<void>(nullptr, [places = places_, workspace_id](void*) {
        const std::scoped_lock leaving(places->mutex);
        --places->total;
        const auto at = places->of_workspace.find(workspace_id);
        if (--at->second == 0) places->of_workspace.erase(at);
    });
}

std::shared_ptr<LiveFeed> LiveEvents::open(Tx& tx, const std::string& server_url) {
    const FeedName name{tx.workspace_id(), server_url};
    {
        const std::scoped_lock lock(mutex_);
        const auto at = feeds_.find(name);
        auto feed = at == feeds_.end() ? nullptr : at->second.lock();
        if (feed) return feed;
    }
    auto fresh = std::make_shared<LiveFeed>(
        name.first, server_url, ids_behind(tx, place_before(tx.now_ms() - limits::kEventLateMs)),
        tx.now_ms());
    const std::scoped_lock lock(mutex_);
    auto& place = feeds_[name];
    if (auto other = place.lock()) return other;
    place = fresh;
    wake_.notify_all();
    return fresh;
}

std::vector<std::shared_ptr<LiveFeed>> LiveEvents::feeds() {
    std::vector<std::shared_ptr<LiveFeed>> living;
    std::erase_if(feeds_, [&](const auto& entry) {
        auto feed = entry.second.lock();
        if (feed) living.push_back(std::move(feed));
        return entry.second.expired();
    });
    return living;
}

void LiveEvents::run() {
    int polls = 0;
    std::unique_lock lock(mutex_);
    for (;;) {
        wake_.wait(lock, [&] { return stopped_ || !feeds_.empty(); });
        wake_.wait_for(lock, std::chrono::milliseconds(options_.poll_ms), [&] { return stopped_; });
        if (stopped_) return;
        auto living = feeds();
        lock.unlock();
        const bool beat = ++polls % options_.polls_per_beat == 0;
        for (const auto& feed : living) {
            feed->poll(db_, options_);
            if (beat) feed->beat();
        }
        living.clear();  // the last one to hold a feed may be this thread
        lock.lock();
    }
}

}  // namespace hw
