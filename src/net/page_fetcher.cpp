// SPDX-License-Identifier: Apache-2.0
#include "net/page_fetcher.hpp"

#include <fmt/format.h>

#include <utility>

#include "base/url.hpp"

namespace hw {
namespace {

std::unexpected<Error> busy() {
    return fail(ErrorCode::Unavailable, "Too many pages are being fetched.", "busy");
}

bool is_redirect(int status) {
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

}  // namespace

PageFetcher::PageFetcher(HttpClient& http, PageFetcherOptions options)
    : http_(http), options_(options) {
    for (std::size_t i = 0; i < options_.threads; ++i) threads_.emplace_back([this] { run(); });
}

PageFetcher::~PageFetcher() {
    stop();
}

void PageFetcher::stop() {
    {
        const std::scoped_lock lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    for (auto& thread : threads_) thread.join();
    threads_.clear();
}

void PageFetcher::fetch(std::string url, Fetched fetched) {
    {
        const std::scoped_lock lock(mutex_);
        if (!stopping_ && waiting_.size() < options_.waiting_max) {
            waiting_.push_back({std::move(url), std::move(fetched)});
            changed_.notify_one();
            return;
        }
    }
    fetched(busy());
}

void PageFetcher::run() {
    for (;;) {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
        if (waiting_.empty()) return;
        auto wanted = std::move(waiting_.front());
        waiting_.pop_front();
        const bool stopping = stopping_;
        lock.unlock();
        if (stopping) {
            wanted.fetched(busy());
        } else {
            wanted.fetched(follow(std::move(wanted.url)));
        }
    }
}

Result<FetchedPage> PageFetcher::follow(std::string url) {
    for (int hop = 0; hop <= limits::kMetaRedirectsMax; ++hop) {
        auto response =
            HW_TRY(http_.send({.url = url,
                               .headers = {{"Accept", "text/html,application/xhtml+xml"}},
                               .timeout_ms = options_.timeout_ms,
                               .max_response_bytes = limits::kMetaPageBytesMax}));
        if (is_redirect(response.status)) {
            auto next = resolve_url(url, response.header("location"));
            if (!next) return fail(ErrorCode::NotFound, "The page leads nowhere.", "bad_redirect");
            url = std::move(*next);
            continue;
        }
        if (response.status < 200 || response.status > 299) {
            return fail(ErrorCode::NotFound, fmt::format("status {}", response.status), "status");
        }
        std::string type(response.header("content-type"));
        return FetchedPage{std::move(url), std::move(type), std::move(response.body)};
    }
    return fail(ErrorCode::NotFound, "The page leads on and on.", "too_many_redirects");
}

}  // namespace hw
