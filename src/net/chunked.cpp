// SPDX-License-Identifier: Apache-2.0
#include "net/chunked.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/error.hpp"
#include "base/limits.hpp"
#include "net/http_text.hpp"
#include "net/request_head.hpp"

namespace hw::net {
namespace {

std::unexpected<Refusal> bad_chunk() {
    return refuse(400,
                  "The chunked body is malformed. Write each chunk as its size in "
                  "hexadecimal, CR LF, the data, CR LF.");
}

}  // namespace

// A line is taken whole before it is looked at, so that there is one place that reads each.
Parsed<std::size_t> ChunkedDecoder::take_line_bytes(std::string_view bytes) {
    const auto end = bytes.find('\n');
    const auto taken = bytes.substr(0, end == std::string_view::npos ? end : end + 1);
    framing_bytes_ += taken.size();
    line_ += taken;
    if (line_.size() > limits::kChunkLineBytesMax || framing_bytes_ > limits::kBodyBytesMax)
        return refuse(400, fmt::format("The chunks carry more framing than data: at most {} bytes "
                                       "a line and {} in all. Send larger chunks.",
                                       limits::kChunkLineBytesMax, limits::kBodyBytesMax));
    if (end == std::string_view::npos) return taken.size();
    if (!line_.ends_with(kCrLf)) return bad_chunk();
    line_.resize(line_.size() - kCrLf.size());
    line_complete_ = true;
    return taken.size();
}

Parsed<void> ChunkedDecoder::read_size(std::size_t body_size) {
    const auto digits = std::string_view(line_).substr(0, line_.find(';'));
    const auto parsed =
        std::from_chars(digits.data(), digits.data() + digits.size(), remaining_, 16);
    const bool whole =
        !digits.empty() && digits.front() != '-' && parsed.ptr == digits.data() + digits.size();
    if (!whole || has_control(line_)) return bad_chunk();
    if (parsed.ec != std::errc{} || remaining_ > body_bytes_max_ - body_size)
        return refuse(413, fmt::format("The chunked body is longer than the {} bytes that are "
                                       "accepted. Send less, or split it over several requests.",
                                       body_bytes_max_));
    state_ = remaining_ == 0 ? State::Trailer : State::Data;
    return {};
}

Parsed<void> ChunkedDecoder::end_of_line(std::size_t body_size) {
    switch (state_) {
        case State::SizeLine:
            HW_CHECK(read_size(body_size));
            break;
        case State::DataEnd:
            if (!line_.empty()) return bad_chunk();
            state_ = State::SizeLine;
            break;
        case State::Trailer:
            // Trailers are checked and dropped: a header that arrives after the routing decision
            // must not change what the request means.
            if (!line_.empty()) HW_CHECK(parse_header_line(line_));
            if (line_.empty()) state_ = State::Done;
            break;
        case State::Data:
        case State::Done:
            break;
    }
    line_.clear();
    line_complete_ = false;
    return {};
}

Parsed<std::size_t> ChunkedDecoder::decode(std::string_view bytes, std::string& body) {
    std::size_t taken = 0;
    while (taken < bytes.size() && !done()) {
        const auto rest = bytes.substr(taken);
        if (state_ == State::Data) {
            const auto data = rest.substr(0, remaining_);
            body += data;
            taken += data.size();
            remaining_ -= data.size();
            if (remaining_ == 0) state_ = State::DataEnd;
            continue;
        }
        taken += HW_TRY(take_line_bytes(rest));
        // Data that runs on where its CR LF should stand is known to be wrong at its first byte.
        if (state_ == State::DataEnd && !line_.empty() && line_.front() != '\r') return bad_chunk();
        if (line_complete_) HW_CHECK(end_of_line(body.size()));
    }
    return taken;
}

}  // namespace hw::net
