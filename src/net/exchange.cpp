// SPDX-License-Identifier: Apache-2.0
#include "net/exchange.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <exception>
#include <iterator>
#include <utility>

#include "base/log.hpp"
#include "net/refusal.hpp"

namespace hw::net {
namespace {

// The exchange whose service call is running on this thread: its answer needs no queue.
// tidy: global ok: one per thread, set for the length of one call
thread_local const Exchange* being_called = nullptr;

// Where this thread's answers wait for the end of deliver_together().
// tidy: global ok: one per thread, set for the length of one call
thread_local std::vector<std::shared_ptr<Exchange>>* together = nullptr;

void hand_over(std::shared_ptr<Exchange> exchange) {
    if (being_called == exchange.get()) {
        exchange->ready = true;
        return;
    }
    if (together != nullptr) return together->push_back(std::move(exchange));
    const auto queue = exchange->queue;  // outlives the push, whoever drops the exchange first
    queue->push({&exchange, 1});
}

void deliver(std::shared_ptr<Exchange> exchange, Response&& response) {
    exchange->response = std::move(response);
    hand_over(std::move(exchange));
}

void deliver_piece(std::shared_ptr<Exchange> exchange, BodyPiece&& piece) {
    exchange->piece = std::move(piece);
    hand_over(std::move(exchange));
}

// What a Reply holds. Small and cheap to move, so that std::move_only_function does not allocate.
class ReplyTicket {
  public:
    explicit ReplyTicket(std::shared_ptr<Exchange> exchange) : exchange_(std::move(exchange)) {}
    ReplyTicket(ReplyTicket&&) noexcept = default;
    ReplyTicket& operator=(ReplyTicket&&) = delete;
    ~ReplyTicket() {  // NOLINT(bugprone-exception-escape): out of memory ends the program
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

// What a BodySource::Take holds.
class PieceTicket {
  public:
    explicit PieceTicket(std::shared_ptr<Exchange> exchange) : exchange_(std::move(exchange)) {}
    PieceTicket(PieceTicket&&) noexcept = default;
    PieceTicket& operator=(PieceTicket&&) = delete;
    ~PieceTicket() {  // NOLINT(bugprone-exception-escape): out of memory ends the program
        if (!exchange_) return;
        deliver_piece(std::move(exchange_), {.bytes = {}, .end = BodyPiece::End::Broken});
    }

    void operator()(BodyPiece&& piece) {
        if (exchange_) deliver_piece(std::move(exchange_), std::move(piece));
    }

  private:
    std::shared_ptr<Exchange> exchange_;
};

}  // namespace

void ReadyQueue::push(std::span<std::shared_ptr<Exchange>> exchanges) {
    const std::lock_guard lock(mutex_);
    if (context_ == nullptr || exchanges.empty()) return;
    const bool is_posted = !ready_.empty();  // the post of the first one carries these too
    std::ranges::move(exchanges, std::back_inserter(ready_));
    if (is_posted) return;
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

void deliver_together(FunctionRef<void()> answers) {
    std::vector<std::shared_ptr<Exchange>> answered;
    struct Scope {
        explicit Scope(std::vector<std::shared_ptr<Exchange>>& here) { together = &here; }
        ~Scope() { together = nullptr; }
    };
    {
        const Scope scope(answered);
        answers();
    }
    std::ranges::stable_sort(answered, {}, [](const auto& exchange) { return exchange->queue; });
    for (std::span rest(answered); !rest.empty();) {
        const auto queue = rest.front()->queue;  // outlives the push, whoever drops them first
        const auto end = std::ranges::find_if(
            rest, [&](const auto& exchange) { return exchange->queue != queue; });
        const auto count = static_cast<std::size_t>(end - rest.begin());
        queue->push(rest.first(count));
        rest = rest.subspan(count);
    }
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

void call_source(BodySource& source, const std::shared_ptr<Exchange>& exchange) {
    exchange->ready = false;
    being_called = exchange.get();
    // The edge of a task: what escapes the source breaks this body alone.
    try {
        source.next(BodySource::Take(PieceTicket(exchange)));
    } catch (const std::exception& error) {
        log(LogLevel::Error, "http_stream_failed",
            {{"request_id", exchange->request.request_id}, {"error", error.what()}});
    } catch (...) {
        log(LogLevel::Error, "http_stream_failed", {{"request_id", exchange->request.request_id}});
    }
    being_called = nullptr;
}

}  // namespace hw::net
