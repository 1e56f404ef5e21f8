// SPDX-License-Identifier: Apache-2.0
#include "jobs/copy_avatar.hpp"

#include <fmt/format.h>

#include "base/limits.hpp"
#include "core/create_customer.hpp"
#include "jobs/avatar_image.hpp"
#include "store/customers.hpp"

namespace hw {
namespace {

constexpr int kFetchTimeoutMs = 10'000;

bool may_work_later(int status) {
    return status >= 500 || status == 408 || status == 425 || status == 429;
}

// Whether the customer is there and still has the picture that the job is about.
bool is_wanted(Tx& tx, const Job& job) {
    const auto customer = find_customer(tx, job.workspace_id, job.subject_id);
    return customer && customer->avatar == job.payload;
}

}  // namespace

CopyAvatar::CopyAvatar(HttpClient& http, std::string public_url)
    : http_(http), public_url_(std::move(public_url)) {}

std::string_view CopyAvatar::name() const {
    return kCopyAvatarJob;
}

JobOutcome CopyAvatar::run(const Job& job) {
    auto response = http_.send({.url = job.payload,
                                .headers = {{"Accept", "image/*"}},
                                .timeout_ms = kFetchTimeoutMs,
                                .max_response_bytes = limits::kAvatarBytesMax});
    if (!response) {
        const auto& error = response.error();
        auto why = fmt::format("{}: {}", error.reason, error.message);
        return error.code == ErrorCode::Unavailable ? JobOutcome::again(std::move(why))
                                                    : JobOutcome::never(std::move(why));
    }
    const int status = response->status;
    if (may_work_later(status)) return JobOutcome::again(fmt::format("status {}", status));
    if (status < 200 || status > 299) return JobOutcome::never(fmt::format("status {}", status));

    const std::unique_lock lock(decoding_);
    auto png = avatar_png(std::move(response->body));
    if (!png) return JobOutcome::never(png.error().reason + ": " + png.error().message);
    auto url = fmt::format("{}/avatars/{}/{}.png", public_url_, job.workspace_id, job.subject_id);
    return JobOutcome::done([job, url = std::move(url), png = std::move(*png)](Tx& tx) {
        if (!is_wanted(tx, job)) return;
        put_avatar(tx, job.workspace_id, job.subject_id, {"image/png", png});
        set_customer_avatar(tx, job.workspace_id, job.subject_id, url);
    });
}

void CopyAvatar::give_up(Tx& tx, const Job& job) {
    if (!is_wanted(tx, job)) return;
    set_customer_avatar(tx, job.workspace_id, job.subject_id, std::nullopt);
}

}  // namespace hw
