// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>

#include "base/fault.hpp"
#include "net/chunked.hpp"
#include "net/request_head.hpp"
#include "tests/fuzz/targets.hpp"

namespace hw::fuzz {
namespace {

struct Scanned {
    std::size_t size = 0;  // 0: incomplete
    int status = 0;        // of the refusal
    auto operator<=>(const Scanned&) const = default;
};

// The head of `bytes` that arrive in pieces of `piece` bytes.
Scanned scan(std::string_view bytes, std::size_t piece) {
    net::HeadScanner scanner;
    for (std::size_t seen = 0; seen < bytes.size();) {
        seen = std::min(seen + piece, bytes.size());
        const auto size = scanner.scan(bytes.substr(0, seen));
        if (!size) return {.status = size.error().status};
        if (*size > 0) return {.size = *size};
    }
    return {};
}

std::string decode(std::string_view bytes, std::size_t piece) {
    net::ChunkedDecoder decoder;
    std::string body;
    while (!bytes.empty() && !decoder.done()) {
        const auto taken = decoder.decode(bytes.substr(0, piece), body);
        if (!taken) return "refused " + std::to_string(taken.error().status);
        HW_ASSERT(*taken > 0);
        bytes.remove_prefix(*taken);
    }
    return (decoder.done() ? "done " : "open ") + body;
}

bool within(std::string_view part, std::string_view whole) {
    return part.empty() || (part.data() >= whole.data() &&
                            part.data() + part.size() <= whole.data() + whole.size());
}

}  // namespace

void request_head(std::string_view bytes) {
    constexpr std::size_t kPiece = 7;
    const auto whole = scan(bytes, bytes.size());
    HW_ASSERT(whole == scan(bytes, kPiece));
    if (whole.size == 0) return;
    HW_ASSERT(whole.size <= bytes.size());
    const auto text = bytes.substr(0, whole.size);
    net::RequestHead head;
    if (const auto parsed = net::parse_head(text, head); !parsed) {
        HW_ASSERT(parsed.error().status >= 400 && parsed.error().status < 600);
        HW_ASSERT(!parsed.error().message.empty());
        return;
    }
    HW_ASSERT(head.path.starts_with('/') && within(head.path, text) && within(head.query, text));
    HW_ASSERT(!head.chunked || head.content_length == 0);
    for (const auto& header : head.headers) {
        HW_ASSERT(!header.name.empty() && within(header.name, text) && within(header.value, text));
        HW_ASSERT(header.value.find_first_of("\r\n") == header.value.npos);
    }
    if (!head.chunked) return;
    const auto body = bytes.substr(whole.size);
    HW_ASSERT(decode(body, body.size()) == decode(body, 1));
}

}  // namespace hw::fuzz
