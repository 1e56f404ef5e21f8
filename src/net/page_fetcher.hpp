// SPDX-License-Identifier: Apache-2.0
// Fetches pages for the Api over the outbound client, a few at a time, each redirect checked like a
// request of its own.
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "api/page_source.hpp"
#include "base/http_client.hpp"
#include "base/limits.hpp"

namespace hw {

struct PageFetcherOptions {
    std::size_t threads = limits::kMetaFetchesMax;
    std::size_t waiting_max = limits::kMetaFetchQueueMax;
    int timeout_ms = limits::kMetaTimeoutMs;  // of one request; a page may take a few
};

class PageFetcher final : public PageSource {
  public:
    explicit PageFetcher(HttpClient& http, PageFetcherOptions options = {});
    ~PageFetcher() override;
    PageFetcher(const PageFetcher&) = delete;
    PageFetcher& operator=(const PageFetcher&) = delete;

    void fetch(std::string url, Fetched fetched) override;

    // Refuses what waits and every later page; afterwards nothing is called any more.
    void stop();

  private:
    struct Wanted {
        std::string url;
        Fetched fetched;
    };

    void run();
    Result<FetchedPage> follow(std::string url);

    HttpClient& http_;
    PageFetcherOptions options_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Wanted> waiting_;
    bool stopping_ = false;
    std::vector<std::thread> threads_;
};

}  // namespace hw
