// SPDX-License-Identifier: Apache-2.0
// When two e-mail addresses are one mailbox, and what their domain tells about their owner.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace hw {

struct EmailAddress {
    std::string normal;  // one text for all spellings of the mailbox
    std::string domain;
};

// Lower case, without blanks around it, without "+tag"; of Gmail also without dots. Nothing for
// what has no local part or no domain.
std::optional<EmailAddress> parse_email_address(std::string_view text);

// Whether anybody gets an address there, so that a common domain means nothing.
bool is_free_mail_domain(std::string_view domain);

// Whether its mailboxes are thrown away after use; so are those of its subdomains.
bool is_disposable_domain(std::string_view domain);

}  // namespace hw
