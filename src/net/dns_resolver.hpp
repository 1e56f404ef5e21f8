// SPDX-License-Identifier: Apache-2.0
// Name look-ups over the C library's resolver, on one thread of their own.
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <string>
#include <thread>

#include "base/dns.hpp"

namespace hw {

struct DnsOptions {
    std::string server;       // "IP:PORT" or "IP" (IPv4); empty: as /etc/resolv.conf says
    int timeout_seconds = 2;  // of one attempt; there are two
};

class SystemDnsResolver final : public DnsResolver {
  public:
    // An Error when options.server is no address.
    static Result<void> check(const DnsOptions& options);

    explicit SystemDnsResolver(DnsOptions options);
    ~SystemDnsResolver() override;
    SystemDnsResolver(const SystemDnsResolver&) = delete;
    SystemDnsResolver& operator=(const SystemDnsResolver&) = delete;

    void look_up(std::string name, DnsRecord record, Found found) override;

    // Refuses what waits and every later question; afterwards nothing is called any more.
    void stop();

  private:
    struct Question {
        std::string name;
        DnsRecord record;
        Found found;
    };

    void run();

    DnsOptions options_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Question> waiting_;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace hw
