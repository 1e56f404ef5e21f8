// SPDX-License-Identifier: Apache-2.0
#include "net/page_fetcher.hpp"

#include <gtest/gtest.h>

#include <future>

#include "api/page_meta.hpp"
#include "net/http_client.hpp"
#include "tests/peers/image_host.hpp"

namespace hw {
namespace {

using End = HostAnswer::End;

const HttpClientOptions kLoopback{.allowed_ranges = {*AddressRange::parse("127.0.0.1/32")}};
constexpr PageFetcherOptions kQuick{.timeout_ms = 300};

// The title of the page, or the reason why there is none.
std::string title_of(PageFetcher& pages, const std::string& url) {
    std::promise<std::string> told;
    pages.fetch(url, [&](Result<FetchedPage> page) {
        told.set_value(page ? read_page_meta(*page).title : page.error().reason);
    });
    return told.get_future().get();
}

std::string html_answer(std::string_view title) {
    return http_answer(200, "<title>" + std::string(title) + "</title>", "text/html");
}

std::string redirect_to(const std::string& location, int status = 302) {
    return http_answer(status, "", "text/html", "Location: " + location + "\r\n");
}

TEST(PageFetcher, PagesOfAllKinds) {
    const ImageHost closed([](const std::string&) { return HostAnswer{html_answer("private")}; },
                           "127.0.0.2");
    const std::string head = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n";
    const auto private_url = "http://127.0.0.2:" + std::to_string(closed.port()) + "/";
    struct Row {
        std::string path;
        HostAnswer answer;
        std::string expected;
    };
    const std::vector<Row> rows = {
        {"/page", {html_answer("T")}, "T"},
        {"/moved", {redirect_to("/page")}, "T"},
        {"/moved-for-ever", {redirect_to("page", 308)}, "T"},
        {"/twice", {redirect_to("/moved")}, "T"},
        {"/round", {redirect_to("/round")}, "too_many_redirects"},
        {"/nowhere", {redirect_to("")}, "too_many_redirects"},
        {"/script", {redirect_to("javascript:alert(1)")}, "bad_redirect"},
        {"/file", {redirect_to("file:///etc/passwd")}, "bad_redirect"},
        {"/private", {redirect_to(private_url)}, "address_refused"},
        {"/metadata", {redirect_to("http://169.254.169.254/latest/")}, "address_refused"},
        {"/local", {redirect_to("http://[::1]/")}, "address_refused"},
        {"/gone", {http_answer(404, "<title>no</title>", "text/html")}, "status"},
        {"/error", {http_answer(500, "", "text/html")}, "status"},
        {"/slow", {head + "\r\n<title>", End::Hang}, "timeout"},
        {"/drip", {head + "Content-Length: 9999999\r\n\r\n", End::Drip}, "response_too_large"},
        {"/huge",
         {head + "\r\n" + std::string(limits::kMetaPageBytesMax + 1, 'x')},
         "response_too_large"},
        {"/reset", {head + "Content-Length: 500\r\n\r\n<title>", End::Reset}, "connection_failed"},
        {"/picture", {http_answer(200, "<title>no</title>", "image/png")}, ""},
    };
    ImageHost host([&](const std::string& request) -> HostAnswer {
        for (const auto& row : rows) {
            if (request.starts_with("GET " + row.path + " ")) return row.answer;
        }
        return {http_answer(418, "")};
    });
    CurlHttpClient http(kLoopback);
    PageFetcher pages(http, kQuick);
    for (const auto& row : rows) {
        const auto url = "http://127.0.0.1:" + std::to_string(host.port()) + row.path;
        EXPECT_EQ(title_of(pages, url), row.expected) << row.path;
    }
    EXPECT_EQ(title_of(pages, private_url), "address_refused");
}

TEST(PageFetcher, FewAtOnceAndTheRestWaitsOrIsRefused) {
    const ImageHost host(HostAnswer{"HTTP/1.1 200 OK\r\n\r\n", End::Hang});
    CurlHttpClient http(kLoopback);
    PageFetcher pages(http, {.threads = 1, .waiting_max = 1, .timeout_ms = 300});
    const auto url = "http://127.0.0.1:" + std::to_string(host.port()) + "/";
    std::atomic<int> told = 0;
    std::atomic<int> busy = 0;
    for (int i = 0; i < 8; ++i) {
        pages.fetch(url, [&](Result<FetchedPage> page) {
            ++told;
            if (!page && page.error().reason == "busy") ++busy;
        });
    }
    pages.stop();
    EXPECT_EQ(told, 8) << "everyone is answered";
    EXPECT_GE(busy, 6);
    EXPECT_EQ(title_of(pages, url), "busy") << "after the end";
}

}  // namespace
}  // namespace hw
