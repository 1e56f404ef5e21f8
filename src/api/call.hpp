// SPDX-License-Identifier: Apache-2.0
// One API call on its way: the request, who sends it, and the work that it becomes.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "api/caches.hpp"
#include "api/http.hpp"
#include "base/env.hpp"
#include "base/error.hpp"
#include "store/tx.hpp"

namespace hw {

struct ApiOptions;
class Db;
class LiveEvents;

// A Response with what the conversion log keeps beside it.
struct Answer : Response {
    std::string reason{};  // why nothing was recorded; else empty
    std::optional<std::string> conversion_id{};
};

Answer json_answer(std::string body, int status = 200);

// A refusal that must be committed with what the use case stored (an orphan sale).
Answer refusal_answer(const Error& error);

struct Call {
    const Request& request;
    std::shared_ptr<const Caller> caller;  // null on routes without authentication
    std::vector<std::string> parameters;   // of the route's path, percent-decoded, in order
    Env& env;
    const ApiOptions& options;
    Db* db = nullptr;               // for answers that go on after their transaction
    LiveEvents* live = nullptr;     // likewise
    std::string idempotency_key{};  // of a POST; empty: none was sent

    const Workspace& workspace() const { return caller->workspace; }

    // Where clients reach this server, without a slash at the end: as configured, else as this
    // request was addressed.
    std::string server_url() const;
};

// What a call does once its input was read and found good.
struct Work {
    enum class Mode : std::uint8_t {
        Read,    // on a snapshot of the caller's workspace
        Scan,    // the same, but it may take long: on connections that nobody else waits for
        Write,   // in a transaction of the caller's workspace
        DryRun,  // the same, and nothing of it stays: the answer tells what would have happened
    };
    Mode mode;
    std::move_only_function<Result<Answer>(Tx&)> step;

    // What has to be asked of the outside world before the transaction. Calls `ready` once, from
    // any thread.
    std::move_only_function<void(std::move_only_function<void()> ready)> first{};

    bool as_operator = false;  // the step sees every workspace, so it must name its own

    // Of work in many transactions, so that others get their turn in between: called after each
    // commit. True: `step` is to run again. Its answer counts when there is nothing left to do.
    // Such work must be safe to repeat as a whole: no Idempotency-Key is kept for it.
    std::move_only_function<bool()> go_on{};
};

// The Idempotency-Key of a POST; empty when there is none. 400 for what cannot be a key.
Result<std::string> read_idempotency_key(const Request& request);

struct Route;

// Repeats of a request with the same Idempotency-Key, path and body get the first answer, byte for
// byte, for ever; 422 when path or body differ. Every Answer stands; an Error rolls the key back.
Result<Answer> answer_key_once(Tx& tx, const Call& call, const Route& route,
                               std::move_only_function<Result<Answer>()> work);

// Repeats of a request with this key get the first answer, byte for byte, for ever. An answer whose
// `reason` is set does not stand: the next request does the work again.
Result<Answer> answer_once(Tx& tx, std::string_view scope, std::string_view key,
                           std::string_view request_body,
                           std::move_only_function<Result<Answer>()> work);

}  // namespace hw
