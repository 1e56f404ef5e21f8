// SPDX-License-Identifier: Apache-2.0
// Decodes a chunked request body that arrives in pieces. As strict as request_head.hpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/limits.hpp"
#include "net/refusal.hpp"

namespace hw::net {

class ChunkedDecoder {
  public:
    explicit ChunkedDecoder(std::size_t body_bytes_max = limits::kBodyBytesMax)
        : body_bytes_max_(body_bytes_max) {}

    // Appends the data in `bytes` to `body` and returns how many bytes it took: all of them, or
    // those up to the end of the body when done() is true afterwards.
    Parsed<std::size_t> decode(std::string_view bytes, std::string& body);
    bool done() const { return state_ == State::Done; }

  private:
    enum class State : std::uint8_t { SizeLine, Data, DataEnd, Trailer, Done };

    Parsed<std::size_t> take_line_bytes(std::string_view bytes);
    Parsed<void> end_of_line(std::size_t body_size);
    Parsed<void> read_size(std::size_t body_size);

    std::size_t body_bytes_max_;
    State state_ = State::SizeLine;
    std::uint64_t remaining_ = 0;  // of the data of the current chunk
    std::string line_;             // without its line end
    bool line_complete_ = false;
    std::size_t framing_bytes_ = 0;  // everything that is not data
};

}  // namespace hw::net
