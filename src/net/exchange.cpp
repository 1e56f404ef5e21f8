// SPDX-License-Identifier: Apache-2.0
#include "net/exchange.hpp"

#include <boost/asio/post.hpp>
#include <exception>
#include <utility>

#include "base/log.hpp"
#include "net/refusal.hpp"

namespace hw::net {
namespace {

// The exchange whose service call is running on this thread: its answer needs no queue.
// tidy: global ok: one per thread, set for the length of one call
thread_local const Exchange* being_called = nullptr;

void deliver(std::shared_ptr<Exchange> exchange, Response&& response) {
    exchange->response = std::move(response);
    if (being_called == exchange.get()) {
        exchange->ready = true;
        return;
    }
    const auto queue = exchange->queue;  // outlives the push, whoever drops the exchange first
    queue->push(std::move(exchange));
}

// What a Reply holds. Small and cheap to move, so that std::move_only_function does not allocate.
class ReplyTicket {
  public:
    explicit ReplyTicket(std::shared_ptr<Exchange> exchange) : exchange_(std::move(exchange)) {}
    ReplyTicket(ReplyTicket&&) noexcept = default;
    ReplyTicket& operator=(ReplyTicket&&) = delete;
    ~ReplyTicket() {
        if (!exchange_) return;
        log(LogLevel::Error, "http_reply_dropped", {{"request_id", exchange_->request.request_id}});
        deliver(std::move(exchange_), internal_error());
    }

    void operator()(Response&& response) {
        if (exchange_) deliver(std::move(exchange_), std::move(response));
    }

  private:
    static Response internal_error() {
        return refusal_response({500,
                                 "The server failed to answer this request. Try again; if it "
                                 "persists, report it with the X-Request-Id."});
    }

    std::shared_ptr<Exchange> exchange_;
};

}  // namespace

void ReadyQueue::push(std::shared_ptr<Exchange> exchange) {
    const std::lock_guard lock(mutex_);
    if (context_ == nullptr) return;
    ready_.push_back(std::move(exchange));
    if (ready_.size() > 1) return;  // the post of the first one carries this one too
    boost::asio::post(*context_, [self = shared_from_this()] { self->resume_all(); });
}

void ReadyQueue::close() {
    std::vector<std::shared_ptr<Exchange>> dropped;  // they own this queue in turn
    const std::lock_guard lock(mutex_);
    context_ = nullptr;
    dropped.swap(ready_);
}

void ReadyQueue::resume_all() {
    {
        const std::lock_guard lock(mutex_);
        resuming_.swap(ready_);
    }
    for (auto& exchange : resuming_) {
        exchange->ready = true;
        auto resume = std::exchange(exchange->resume, nullptr);
        if (resume) resume();
    }
    resuming_.clear();
}

void call_service(const Service& service, const std::shared_ptr<Exchange>& exchange) {
    exchange->ready = false;
    being_called = exchange.get();
    // The edge of a task: what escapes the service fails this request alone.
    try {
        service(exchange->request, Reply(ReplyTicket(exchange)));
    } catch (const std::exception& error) {
        log(LogLevel::Error, "http_service_failed",
            {{"request_id", exchange->request.request_id}, {"error", error.what()}});
    } catch (...) {
        log(LogLevel::Error, "http_service_failed", {{"request_id", exchange->request.request_id}});
    }
    being_called = nullptr;
}

}  // namespace hw::net
