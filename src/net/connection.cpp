// SPDX-License-Identifier: Apache-2.0
#include "net/connection.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <exception>
#include <string>
#include <utility>

#include "base/limits.hpp"
#include "base/log.hpp"
#include "net/chunked.hpp"
#include "net/departure.hpp"
#include "net/fill_request.hpp"
#include "net/http_text.hpp"
#include "net/refusal.hpp"
#include "net/request_head.hpp"
#include "net/response_bytes.hpp"

namespace hw::net {
namespace {

namespace asio = boost::asio;
using Address = asio::ip::address;
using TlsStream = asio::ssl::stream<TcpSocket>;

constexpr auto kTuple = asio::as_tuple(asio::deferred);
constexpr std::size_t kOutputBytes = 65'536;        // gathered answers are sent from here on
constexpr std::size_t kKeptBytes = 65'536;          // larger buffers are given back
constexpr std::size_t kBodyRoom = 16'384;           // offered to each read of a body
constexpr std::size_t kLingerBytesMax = 1'048'576;  // read and dropped before closing
constexpr int kLingerMs = 2'000;

template <class Stream>
class Connection final : public LiveConnection {
  public:
    Connection(IoThread& io, Stream stream, const Address& peer)
        : LiveConnection(io),
          stream_(std::move(stream)),
          peer_{peer.to_string(), io.server().proxies.trusts(peer), kTls},
          exchange_(std::make_shared<Exchange>(io.ready_queue())) {}

    void interrupt() override {
        boost::system::error_code ignored;
        socket().cancel(ignored);
    }

    void abandon() override {
        abandoned_ = true;
        interrupt();
        if (exchange_->resume) asio::post(io_.context(), std::exchange(exchange_->resume, {}));
    }

    void finish_stream() override {
        if (source_) source_->finish();
    }

    Task<void> serve();

  private:
    static constexpr bool kTls = std::is_same_v<Stream, TlsStream>;

    TcpSocket& socket() {
        if constexpr (kTls) {
            return stream_.next_layer();
        } else {
            return stream_;
        }
    }

    const ServerOptions& options() { return io_.server().options; }
    Task<bool> handshake();
    Task<bool> exchange_requests();

    // Reading.
    Parsed<bool> take_head();
    bool ready_to_read();
    bool accept_received(const boost::system::error_code& failed, std::size_t size);
    bool take_buffered_body();
    Task<Parsed<bool>> read_body();
    Parsed<bool> take_body(ChunkedDecoder& decoder);

    // Answering.
    void call();
    // Completes when the exchange is ready, or was abandoned.
    auto answer_ready() {
        return asio::async_initiate<decltype(asio::deferred), void()>(
            [this](auto&& resume) { exchange_->resume = std::forward<decltype(resume)>(resume); },
            asio::deferred);
    }
    void finish_exchange();
    void append(const Response& response, const Delivery& delivery);
    Task<bool> stream_body();

    // Writing and closing.
    bool send_at_once();
    Task<bool> send_rest();
    Task<bool> send();
    Task<void> send_refusal(Refusal refusal);
    Task<void> close();

    Stream stream_;
    const Peer peer_;
    std::shared_ptr<Exchange> exchange_;
    std::shared_ptr<BodySource> source_;  // while an answer is streamed
    HeadScanner scanner_;
    std::string output_;
    std::size_t sent_ = 0;          // of output_
    std::size_t unsent_count_ = 0;  // answers in output_
    std::size_t consumed_ = 0;      // of the input, by the request that is being answered
    bool served_any_ = false;
    bool reading_head_ = false;
    bool skipped_line_ = false;
    bool closing_ = false;
    bool refused_ = false;
    bool abandoned_ = false;
};

template <class Stream>
Task<void> Connection<Stream>::serve() {
    boost::system::error_code ignored;
    socket().non_blocking(true, ignored);
    if (!co_await handshake()) co_return;
    const bool orderly = co_await exchange_requests();
    if (orderly && !abandoned_) co_await close();
}

template <class Stream>
Task<bool> Connection<Stream>::handshake() {
    if constexpr (kTls) {
        arm(options().header_deadline_ms);
        const auto [failed] = co_await stream_.async_handshake(TlsStream::server, kTuple);
        disarm();
        co_return !failed && !expired_ && !abandoned_;
    } else {
        co_return true;
    }
}

// True when the connection is to be closed in order, false when it is gone already.
template <class Stream>
// One function for a reason: a coroutine that it awaits is an allocation for each request.
// NOLINTNEXTLINE(readability-function-cognitive-complexity, readability-function-size): see above
Task<bool> Connection<Stream>::exchange_requests() {
    for (;;) {
        const auto complete = take_head();
        if (!complete.has_value()) {
            co_await send_refusal(complete.error());
            co_return true;
        }
        if (!*complete) {
            if (!send_at_once()) {
                if (!co_await send_rest()) co_return false;
            }
            if (!ready_to_read()) co_return true;
            auto& input = exchange_->input;
            const auto [failed, size] = co_await stream_.async_read_some(
                asio::buffer(input.free_begin(), input.free_size()), kTuple);
            if (accept_received(failed, size)) continue;
            if (!expired_ || input.empty()) co_return expired_ || io_.draining();
            // A name, because g++ 12 destroys a braced temporary in a co_await twice.
            Refusal late{408, "The head of the request took too long. Send it at once."};
            co_await send_refusal(std::move(late));
            co_return true;
        }
        if (!take_buffered_body()) {
            const auto body = co_await read_body();
            if (!body.has_value()) {
                co_await send_refusal(body.error());
                co_return true;
            }
            if (!*body) co_return false;
        }
        call();
        if (!exchange_->ready) {
            if (!co_await send()) co_return false;
            if (!exchange_->ready) co_await answer_ready();
            if (!exchange_->ready) co_return false;
        }
        finish_exchange();
        if (source_ && !co_await stream_body()) co_return false;
        if (closing_) co_return co_await send();
        if (output_.size() < kOutputBytes && unsent_count_ < limits::kPipelinedRequestsMax)
            continue;
        if (!co_await send()) co_return false;
    }
}

// True when the input starts with a complete head, which exchange_->head then describes.
template <class Stream>
Parsed<bool> Connection<Stream>::take_head() {
    auto& input = exchange_->input;
    // RFC 9112, 2.2: one empty line before a request is skipped; old clients end a body with it.
    if (!skipped_line_ && input.bytes().starts_with('\r')) {
        if (input.bytes().size() == 1) return false;
        skipped_line_ = input.bytes().starts_with(kCrLf);
        if (skipped_line_) input.consume(kCrLf.size());
    }
    const auto size = scanner_.scan(input.bytes());
    if (!size.has_value()) return std::unexpected(size.error());
    if (*size == 0) return false;
    auto parsed = parse_head(input.bytes().substr(0, *size), exchange_->head, options().body_limit);
    if (!parsed.has_value()) return std::unexpected(std::move(parsed).error());
    consumed_ = *size;
    return true;
}

// Prepares a read of (more of) a head. False when the connection shall be closed instead.
template <class Stream>
bool Connection<Stream>::ready_to_read() {
    auto& input = exchange_->input;
    if (!input.empty()) {
        idle_ = false;
        if (!reading_head_) arm(options().header_deadline_ms);
        reading_head_ = true;
    } else if (io_.draining()) {
        boost::system::error_code ignored;
        if (socket().available(ignored) == 0) return false;
        arm(options().header_deadline_ms);
    } else {
        idle_ = true;
        arm(served_any_ ? options().idle_deadline_ms : options().header_deadline_ms);
        input.shrink();
    }
    input.make_room(InputBuffer::kRoom);
    return !abandoned_;
}

template <class Stream>
bool Connection<Stream>::accept_received(const boost::system::error_code& failed,
                                         std::size_t size) {
    exchange_->input.received(size);
    ThreadCounts::add(io_.counts.bytes_received, size);
    if (!reading_head_) disarm();
    const bool interrupted_idle = failed == asio::error::operation_aborted && idle_ && !expired_;
    idle_ = false;
    // A drain interrupts what is idle; ready_to_read() looks once more for bytes that just came.
    if (interrupted_idle && io_.draining()) return !abandoned_;
    return !failed && !expired_ && !abandoned_;
}

// The usual case: the body, if any, came with the head and is used where it lies.
template <class Stream>
bool Connection<Stream>::take_buffered_body() {
    const auto& head = exchange_->head;
    const auto rest = exchange_->input.bytes().substr(consumed_);
    if (head.chunked || rest.size() < head.content_length) return false;
    exchange_->request.body = rest.substr(0, head.content_length);
    consumed_ += head.content_length;
    return true;
}

// True when the body is complete, false when the client is gone.
template <class Stream>
Task<Parsed<bool>> Connection<Stream>::read_body() {
    auto& exchange = *exchange_;
    // The head stays where its views point to; the body goes on in a new buffer.
    auto rest = exchange.input.split(consumed_);
    exchange.head_bytes = std::exchange(exchange.input, std::move(rest));
    consumed_ = 0;
    exchange.body.clear();
    if (exchange.head.expects_continue && exchange.input.empty())
        output_ += "HTTP/1.1 100 Continue\r\n\r\n";
    if (!co_await send()) co_return false;
    arm(options().body_deadline_ms);
    ChunkedDecoder decoder(exchange.head.body_bytes_max);
    for (;;) {
        const auto complete = take_body(decoder);
        if (!complete.has_value()) co_return complete;
        if (*complete) {
            disarm();
            exchange.request.body = exchange.body;
            co_return true;
        }
        exchange.input.make_room(kBodyRoom);
        const auto [failed, size] = co_await stream_.async_read_some(
            asio::buffer(exchange.input.free_begin(), exchange.input.free_size()), kTuple);
        exchange.input.received(size);
        ThreadCounts::add(io_.counts.bytes_received, size);
        if (expired_)
            co_return refuse(408,
                             "The body of the request took too long. Send it faster, or "
                             "split it over several requests.");
        if (failed || abandoned_) co_return false;
    }
}

template <class Stream>
Parsed<bool> Connection<Stream>::take_body(ChunkedDecoder& decoder) {
    auto& exchange = *exchange_;
    const auto bytes = exchange.input.bytes();
    if (exchange.head.chunked) {
        const auto taken = decoder.decode(bytes, exchange.body);
        if (!taken.has_value()) return std::unexpected(taken.error());
        exchange.input.consume(*taken);
        return decoder.done();
    }
    const auto data = bytes.substr(0, exchange.head.content_length - exchange.body.size());
    exchange.body += data;
    exchange.input.consume(data.size());
    return exchange.body.size() == exchange.head.content_length;
}

template <class Stream>
void Connection<Stream>::call() {
    fill_request(*exchange_, peer_, io_);
    const auto query = exchange_->request.query;
    const auto parameters = static_cast<std::size_t>(std::ranges::count(query, '&')) + 1;
    if (parameters > limits::kQueryParametersMax) {
        exchange_->response = refusal_response(
            {400, fmt::format("The query has {} parameters; at most {} are accepted. Send fewer, "
                              "or send them in the body.",
                              parameters, limits::kQueryParametersMax)});
        exchange_->ready = true;
        return;
    }
    call_service(io_.server().service, exchange_);
}

template <class Stream>
void Connection<Stream>::append(const Response& response, const Delivery& delivery) {
    ThreadCounts::add(io_.counts.responses[static_cast<std::size_t>(response.status) / 100], 1);
    append_response(output_, response, delivery);
    ++unsent_count_;
}

// Queues the answer and makes the exchange ready for the next request.
template <class Stream>
void Connection<Stream>::finish_exchange() {
    auto& exchange = *exchange_;
    if (!is_safe(exchange.response)) {
        log(LogLevel::Error, "http_response_unsafe", {{"request_id", exchange.request.request_id}});
        exchange.response =
            refusal_response({500,
                              "The server made an answer that cannot be sent. Report it with the "
                              "X-Request-Id."});
    }
    const bool head_only = exchange.head.method == "HEAD";
    const bool to_the_end = exchange.response.stream && exchange.head.http_1_0;
    closing_ = !exchange.head.keep_alive || to_the_end || io_.draining();
    append(exchange.response, {.request_id = exchange.request.request_id,
                               .head_only = head_only,
                               .close = closing_,
                               .name_keep_alive = exchange.head.http_1_0,
                               .knows_chunks = !exchange.head.http_1_0});
    source_ = std::exchange(exchange.response.stream, nullptr);
    if (head_only) source_ = nullptr;
    exchange.input.consume(std::exchange(consumed_, 0));
    exchange.head_bytes = {};
    if (exchange.body.capacity() > kKeptBytes) exchange.body = {};
    if (exchange.response.body.capacity() > kKeptBytes) exchange.response = {};
    scanner_ = {};
    served_any_ = true;
    reading_head_ = false;
    skipped_line_ = false;
}

// Sends the pieces of a body as they are made, one at a time: the next is asked for when the client
// has taken those before it. False when the client is gone, or the body broke.
template <class Stream>
Task<bool> Connection<Stream>::stream_body() {
    disarm();
    if (io_.draining()) source_->finish();
    Departure departure(socket(), [this] {
        auto resume = std::exchange(exchange_->resume, nullptr);
        if (resume) resume();
    });
    for (auto end = BodyPiece::End::No; end == BodyPiece::End::No;) {
        if (abandoned_) co_return false;
        call_source(*source_, exchange_);
        if (!exchange_->ready) {
            if (!co_await send()) co_return false;
            departure.watch();
            if (!exchange_->ready) co_await answer_ready();
            if (!exchange_->ready) co_return false;
        }
        const auto piece = std::exchange(exchange_->piece, {});
        end = piece.end;
        if (end == BodyPiece::End::Broken) {
            co_await send();  // what was made before
            co_return false;
        }
        append_piece(output_, piece, !exchange_->head.http_1_0);
        if (output_.size() >= kOutputBytes && !co_await send()) co_return false;
    }
    source_ = nullptr;
    co_return true;
}

// Sends what the kernel takes without waiting, which is nearly always all of it. True when done.
template <class Stream>
bool Connection<Stream>::send_at_once() {
    if constexpr (!kTls) {
        boost::system::error_code failed;
        if (!output_.empty()) sent_ = stream_.write_some(asio::buffer(output_), failed);
        ThreadCounts::add(io_.counts.bytes_sent, sent_);
    }
    if (sent_ < output_.size()) return false;
    output_.clear();
    sent_ = 0;
    unsent_count_ = 0;
    return true;
}

// The rest of what send_at_once() left. False when the client is gone or takes nothing.
template <class Stream>
Task<bool> Connection<Stream>::send_rest() {
    while (sent_ < output_.size()) {
        arm(options().write_deadline_ms);
        const auto [failed, size] = co_await stream_.async_write_some(
            asio::buffer(output_.data() + sent_, output_.size() - sent_), kTuple);
        sent_ += size;
        ThreadCounts::add(io_.counts.bytes_sent, size);
        if (failed || expired_ || abandoned_) co_return false;
    }
    disarm();
    output_.clear();
    if (output_.capacity() > kKeptBytes + kOutputBytes) output_.shrink_to_fit();
    sent_ = 0;
    unsent_count_ = 0;
    co_return true;
}

template <class Stream>
Task<bool> Connection<Stream>::send() {
    if (send_at_once()) co_return true;
    co_return co_await send_rest();
}

template <class Stream>
Task<void> Connection<Stream>::send_refusal(Refusal refusal) {
    refused_ = true;
    std::string request_id;
    io_.request_ids().make(request_id);
    append(refusal_response(refusal), {.request_id = request_id, .close = true});
    co_await send();
}

// Closing while the client still sends would reset the connection and could take back answers
// that it has not read yet. So the sending side ends first, and the rest is read and dropped.
template <class Stream>
Task<void> Connection<Stream>::close() {
    boost::system::error_code ignored;
    const bool unread = !exchange_->input.empty() || socket().available(ignored) > 0;
    arm(kLingerMs);
    if constexpr (kTls) {
        co_await stream_.async_shutdown(kTuple);
    }
    if (!refused_ && !unread && !(closing_ && io_.draining())) co_return;
    socket().shutdown(Tcp::socket::shutdown_send, ignored);
    auto& scratch = exchange_->input;
    for (std::size_t dropped = 0; dropped < kLingerBytesMax && !expired_ && !abandoned_;) {
        scratch.consume(scratch.bytes().size());
        scratch.make_room(InputBuffer::kRoom);
        const auto [failed, size] = co_await socket().async_read_some(
            asio::buffer(scratch.free_begin(), scratch.free_size()), kTuple);
        if (failed) co_return;
        dropped += size;
    }
}

template <class Stream>
void spawn(IoThread& io, Stream stream, const Address& peer) {
    auto connection = std::make_unique<Connection<Stream>>(io, std::move(stream), peer);
    asio::co_spawn(
        io.context(),
        [](std::unique_ptr<Connection<Stream>> owned) -> Task<void> {
            co_await owned->serve();
        }(std::move(connection)),
        // One connection ends; the edge of the thread logs why, and the others go on.
        [](const std::exception_ptr& thrown) {
            if (thrown) std::rethrow_exception(thrown);
        });
}

}  // namespace

void serve_connection(IoThread& io, TcpSocket socket, const Address& peer) {
    if (io.server().tls) {
        spawn(io, TlsStream(std::move(socket), *io.server().tls), peer);
    } else {
        spawn(io, std::move(socket), peer);
    }
}

}  // namespace hw::net
