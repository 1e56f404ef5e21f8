// SPDX-License-Identifier: Apache-2.0
#include "api/metrics.hpp"

#include <fmt/format.h>
#include <prometheus/text_serializer.h>

namespace hw {

Metrics::Metrics()
    : requests_(prometheus::BuildCounter()
                    .Name("headwater_requests_total")
                    .Help("Answered requests by operation and status.")
                    .Register(registry_)) {}

void Metrics::answered(std::string_view operation, int status) {
    {
        const std::shared_lock lock(mutex_);
        if (const auto known = counters_.find({operation, status}); known != counters_.end()) {
            return known->second->Increment();
        }
    }
    const std::unique_lock lock(mutex_);
    auto& counter = counters_[{operation, status}];
    if (counter == nullptr) {
        counter = &requests_.Add(
            {{"operation", std::string(operation)}, {"status", std::to_string(status)}});
    }
    counter->Increment();
}

void Metrics::watch(std::string name, std::string help, std::function<std::int64_t()> read) {
    watched_.push_back({std::move(name), std::move(help), std::move(read)});
}

void Metrics::watch(const DbStats& stats) {
    watch("commits_total", "Database commits.", [&] { return stats.commits.load(); });
    watch("use_cases_total", "Use cases that were committed.",
          [&] { return stats.use_cases.load(); });
    watch("clicks_total", "Clicks whose commit returned.", [&] { return stats.clicks.load(); });
    watch("clicks_lost_total", "Clicks answered before a commit that then failed.",
          [&] { return stats.clicks_lost.load(); });
    watch("transaction_retries_total", "Transactions run again.",
          [&] { return stats.retries.load(); });
    watch("database_faults_total", "Faults of the database.", [&] { return stats.faults.load(); });
    watch("refused_total", "Requests refused because a queue was full.",
          [&] { return stats.refused.load(); });
    watch("checkpoints_total", "Checkpoints of the write-ahead log.",
          [&] { return stats.checkpoints.load(); });
}

std::string Metrics::text() const {
    auto out = prometheus::TextSerializer().Serialize(registry_.Collect());
    for (const auto& figure : watched_) {
        const auto kind = figure.name.ends_with("_total") ? "counter" : "gauge";
        out +=
            fmt::format("# HELP headwater_{0} {1}\n# TYPE headwater_{0} {2}\nheadwater_{0} {3}\n",
                        figure.name, figure.help, kind, figure.read());
    }
    return out;
}

}  // namespace hw
