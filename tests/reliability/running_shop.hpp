// SPDX-License-Identifier: Apache-2.0
// The real server as a process of its own on a database with one shop in it, for tests that kill
// it, starve it or flood it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/connection.hpp"
#include "tests/child_process.hpp"
#include "tests/fixture/engine_test.hpp"
#include "tests/raw_http.hpp"
#include "tests/temp_dir.hpp"

namespace hw {

inline constexpr std::string_view kShopDomain = "go.example";
inline constexpr std::string_view kShopToken = "dub_reliabilityTestKey123456";
inline constexpr int kShopLinks = 4;  // https://go.example/k0 and so on

// A workspace with a key, a domain and links in a migrated database.
void seed_shop(const std::string& url);

// The bytes of requests to it. `agent` tells visitors apart.
std::string click_request(std::string_view key, std::string_view agent,
                          std::string_view headers = {});
std::string post_request(std::string_view path, std::string_view body);
std::string lead_request(std::string_view click_id, std::string_view customer);

struct SaleTold {
    std::string customer;
    std::string invoice;
    std::int64_t amount = 0;
    std::string click_id{};  // not empty: a sale without a lead before it
};
std::string sale_request(const SaleTold& sale);

// The click id that a redirect carries; empty when it carries none.
std::string click_id_of(const RawAnswer& answer);

// An agent that is a person's browser, and nobody else's.
std::string browser_agent(std::string_view name);

// One server process. The database outlives it.
class RunningShop {
  public:
    explicit RunningShop(std::string url, std::vector<std::string> environment = {});

    // Until it listens. After the first time on the port that it had.
    void start();
    void kill_hard() { process_->kill_hard(); }
    // The exit code; nothing when it does not end.
    std::optional<int> wait() { return process_->wait(); }
    bool running() { return process_->running(); }
    void set_environment(std::vector<std::string> environment) {
        environment_ = std::move(environment);
    }

    std::uint16_t port() const { return port_; }
    const std::string& url() const { return url_; }
    std::string log() const;  // of the process that runs

    // One request on a connection of its own; status 0 when there is no answer.
    RawAnswer ask(const std::string& request) const;

  private:
    bool try_start();

    std::string url_;
    std::vector<std::string> environment_;
    TempDir folder_;
    std::string log_file_;
    int starts_ = 0;
    std::uint16_t port_ = 0;
    std::unique_ptr<ChildProcess> process_;
};

// What a query over the whole database gives: one column of text, sorted.
std::vector<std::string> lines_of(const std::string& url, std::string_view sql);

// What a recount of the facts, and `headwater verify`, find wrong with the derived numbers and with
// the partners' books; empty when nothing is.
std::vector<std::string> recount(const std::string& url);

// HW_LONG=1 in the environment: `long_count` instead of `count`.
int rounds(int count, int long_count);

// HW_SEED of the environment or a new one; printed, so that a failure can be run again.
std::uint64_t printed_seed();

}  // namespace hw
