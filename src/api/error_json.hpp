// SPDX-License-Identifier: Apache-2.0
// An Error as an HTTP answer: the one place where error codes meet status codes.
#pragma once

#include <cstdint>
#include <string_view>

#include "api/http.hpp"
#include "base/error.hpp"

namespace hw {

// Track: {"error":{code,message,doc_url}}, the shape that clients of the track API know.
// Problem: RFC 9457, for everything that is ours alone.
// Ingest: {"error"} about tokens, {"message"} about everything else, as clients of the ingest API
// know it.
enum class ErrorShape : std::uint8_t { Track, Problem, Ingest };

int http_status(ErrorCode code);
std::string_view error_name(ErrorCode code);  // "unprocessable_entity"

Response error_response(const Error& error, ErrorShape shape);

}  // namespace hw
