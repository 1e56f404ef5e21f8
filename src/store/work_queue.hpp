// SPDX-License-Identifier: Apache-2.0
// A bounded queue between the threads that ask and the threads that hold a database connection.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <vector>

namespace hw {

template <class Item>
class WorkQueue {
  public:
    explicit WorkQueue(std::size_t capacity) : capacity_(capacity) {}

    // False, and `item` untouched, when the queue is full or closed.
    bool push(Item& item) {
        {
            const std::scoped_lock lock(mutex_);
            if (closed_ || items_.size() >= capacity_) return false;
            items_.push_back(std::move(item));
        }
        ready_.notify_one();
        return true;
    }

    // Waits for an item; gives up to `most`. Empty only when the queue is closed and drained.
    std::vector<Item> pop(std::size_t most) {
        std::unique_lock lock(mutex_);
        ready_.wait(lock, [&] { return closed_ || !items_.empty(); });
        return take(most);
    }

    // Up to `most` items without waiting.
    std::vector<Item> try_pop(std::size_t most) {
        const std::scoped_lock lock(mutex_);
        return take(most);
    }

    void close() {
        {
            const std::scoped_lock lock(mutex_);
            closed_ = true;
        }
        ready_.notify_all();
    }

    std::size_t size() const {
        const std::scoped_lock lock(mutex_);
        return items_.size();
    }

  private:
    std::vector<Item> take(std::size_t most) {
        std::vector<Item> taken;
        while (!items_.empty() && taken.size() < most) {
            taken.push_back(std::move(items_.front()));
            items_.pop_front();
        }
        return taken;
    }

    const std::size_t capacity_;
    mutable std::mutex mutex_;
    std::condition_variable ready_;
    std::deque<Item> items_;
    bool closed_ = false;
};

}  // namespace hw
