// SPDX-License-Identifier: Apache-2.0
// New clicks, leads and sales for whoever listens on this server, whichever node recorded them: one
// reader of the database for each workspace that has listeners, and none for the others.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/limits.hpp"
#include "core/tail_events.hpp"
#include "store/db.hpp"

namespace hw {

struct LiveOptions {
    std::int64_t poll_ms = 250;
    int polls_per_sweep = 20;  // every so many polls one looks back as far as an event can be late
    int polls_per_beat = 60;   // every so many polls silent connections hear something
    std::size_t streams_max = limits::kStreamsMax;
    std::size_t streams_of_workspace_max = limits::kStreamsOfWorkspaceMax;
    std::size_t stream_bytes_max = limits::kStreamBytesMax;
};

// As all listeners get it.
struct LiveEvent {
    std::string id;
    Counting counting;
    std::string text;  // one server-sent event
};
std::shared_ptr<const LiveEvent> live_event(const Event& event, std::string_view server_url);

class LiveListener {
  public:
    using Events = std::span<const std::shared_ptr<const LiveEvent>>;

    virtual ~LiveListener() = default;
    virtual void deliver(Events events) = 0;  // on a database thread
    virtual void beat() = 0;                  // nothing may have happened for a while
};

// The new events of one workspace, each once.
class LiveFeed : public std::enable_shared_from_this<LiveFeed> {
  public:
    // `seen`: what was there at `now_ms`, as far back as events can be late.
    LiveFeed(std::string workspace_id, std::string server_url, std::vector<std::string> seen,
             std::int64_t now_ms);

    // Delivers everything to it that is found from now on, for as long as it lives.
    void attach(std::weak_ptr<LiveListener> listener);

    void poll(Db& db, const LiveOptions& options);
    void beat();

    const std::string& workspace_id() const { return workspace_id_; }
    const std::string& server_url() const { return server_url_; }

  private:
    struct Look {
        std::int64_t now_ms = 0;
        std::int64_t from_ms = 0;
        bool sweep = false;
    };
    struct Found;
    void look(Db& db, const Look& look);
    Result<Found> find(Tx& tx, const Look& look) const;
    void accept(Found&& found);
    std::vector<std::shared_ptr<LiveListener>> listeners();

    const std::string workspace_id_;
    const std::string server_url_;

    // Of the look under way, of which there is one at a time.
    SeenEvents seen_;
    std::int64_t looked_ms_;
    std::int64_t swept_ms_;
    int polls_ = 0;
    std::atomic<bool> looking_{false};

    std::mutex mutex_;
    std::vector<std::weak_ptr<LiveListener>> listeners_;
};

class LiveEvents {
  public:
    LiveEvents(Db& db, LiveOptions options);
    ~LiveEvents();
    LiveEvents(const LiveEvents&) = delete;
    LiveEvents& operator=(const LiveEvents&) = delete;

    // A place for one more stream, for as long as what it gives lives. 429 and 503 name the limit.
    Result<std::shared_ptr<void>> admit(const std::string& workspace_id);

    // The feed of the transaction's workspace. It finds everything that is committed after this
    // call. Lives as long as somebody holds it.
    std::shared_ptr<LiveFeed> open(Tx& tx, const std::string& server_url);

    Db& db() { return db_; }
    const LiveOptions& options() const { return options_; }

  private:
    struct Places;
    using FeedName = std::pair<std::string, std::string>;  // workspace, server URL

    void run();
    std::vector<std::shared_ptr<LiveFeed>> feeds();

    Db& db_;
    const LiveOptions options_;
    const std::shared_ptr<Places> places_;

    std::mutex mutex_;  // for what follows
    std::condition_variable wake_;
    std::map<FeedName, std::weak_ptr<LiveFeed>> feeds_;
    bool stopped_ = false;
    std::thread thread_;
};

}  // namespace hw
