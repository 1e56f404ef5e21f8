// SPDX-License-Identifier: Apache-2.0
// Received bytes that were not consumed yet, contiguous, so that a head is parsed where it arrived.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>

namespace hw::net {

class InputBuffer {
  public:
    std::string_view bytes() const { return {data_.get() + begin_, end_ - begin_}; }
    bool empty() const { return begin_ == end_; }

    // At least `room` free bytes at free_begin(). May move the bytes: views into them end.
    void make_room(std::size_t room) {
        if (empty()) begin_ = end_ = 0;
        if (capacity_ - end_ >= room) return;
        const std::size_t size = end_ - begin_;
        const std::size_t wanted = std::max(size + room, std::min(2 * capacity_, size + kStepMax));
        if (capacity_ < wanted) {
            auto larger = std::make_unique_for_overwrite<char[]>(wanted);
            if (size > 0) std::memcpy(larger.get(), data_.get() + begin_, size);
            data_ = std::move(larger);
            capacity_ = wanted;
        } else {
            std::memmove(data_.get(), data_.get() + begin_, size);
        }
        begin_ = 0;
        end_ = size;
    }

    char* free_begin() { return data_.get() + end_; }
    std::size_t free_size() const { return capacity_ - end_; }
    void received(std::size_t size) { end_ += size; }
    void consume(std::size_t size) { begin_ += size; }

    // Gives back the memory of an unusually long head. Only when empty.
    void shrink() {
        if (!empty() || capacity_ <= kStepMax) return;
        *this = InputBuffer{};
    }

    // Takes all but the first `keep` bytes away into a new buffer; views of those kept stay valid.
    InputBuffer split(std::size_t keep) {
        InputBuffer rest;
        const auto moved = bytes().substr(keep);
        rest.make_room(std::max(moved.size(), kRoom));
        if (!moved.empty()) std::memcpy(rest.free_begin(), moved.data(), moved.size());
        rest.received(moved.size());
        end_ = begin_ + keep;
        return rest;
    }

    static constexpr std::size_t kRoom = 4'096;  // offered to each read

  private:
    static constexpr std::size_t kStepMax = 16'384;

    std::unique_ptr<char[]> data_;
    std::size_t capacity_ = 0;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
};

}  // namespace hw::net
