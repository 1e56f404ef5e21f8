// SPDX-License-Identifier: Apache-2.0
// One request with its answer, and the way of the answer back to the thread of its connection.
#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "api/http.hpp"
#include "base/function_ref.hpp"
#include "net/input_buffer.hpp"
#include "net/request_head.hpp"

namespace hw::net {

struct Exchange;

// Answers that are ready for the connections of one io_context.
class ReadyQueue : public std::enable_shared_from_this<ReadyQueue> {
  public:
    explicit ReadyQueue(boost::asio::io_context& context) : context_(&context) {}

    // From any thread; all of `exchanges` are of this queue. Harmless after close().
    void push(std::span<std::shared_ptr<Exchange>> exchanges);

    // Before the io_context goes away; waits for a push that is under way.
    void close();

  private:
    void resume_all();  // on the thread of the io_context

    std::mutex mutex_;
    boost::asio::io_context* context_;  // null once closed
    std::vector<std::shared_ptr<Exchange>> ready_;
    std::vector<std::shared_ptr<Exchange>> resuming_;  // kept for its memory
};

// The connection and the Reply share it: the views of the request live in it, so they stay valid
// until the Reply was called, whatever becomes of the connection or of the server.
struct Exchange {
    explicit Exchange(std::shared_ptr<ReadyQueue> ready_queue) : queue(std::move(ready_queue)) {}

    InputBuffer input;
    InputBuffer head_bytes;  // holds the head when the body had to be waited for
    std::string body;        // when the body was not contiguous in the input
    std::string host;        // lower case
    RequestHead head;
    Request request;

    Response response;  // written before `ready` by whoever replies
    const std::shared_ptr<ReadyQueue> queue;

    BodyPiece piece;  // likewise, of a streamed body
    // The rest belongs to the thread of the connection.
    bool ready = false;
    std::move_only_function<void()> resume;  // set while the connection waits
};

// Runs `answers` and hands over what they answered at its end: one lock and one wake-up for each
// I/O thread, not one for each answer. For a database thread that answers a whole commit group.
void deliver_together(FunctionRef<void()> answers);

// Calls `service` with the request of `exchange`. exchange->ready says afterwards whether it was
// answered at once; if not, the queue sets it later. A service that throws, or drops its Reply
// without calling it, has answered 500.
void call_service(const Service& service, const std::shared_ptr<Exchange>& exchange);

// Asks `source` for the next piece of a body, which lands in exchange->piece. exchange->ready as
// with call_service. A source that throws, or drops what it was given, has broken the body.
void call_source(BodySource& source, const std::shared_ptr<Exchange>& exchange);

}  // namespace hw::net
