// SPDX-License-Identifier: Apache-2.0
#include "base/email_address.hpp"

#include <algorithm>
#include <set>

#include "base/ascii.hpp"
#include "base/embedded.hpp"

namespace hw {
namespace {

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view kSpace = " \t\r\n";
    const auto begin = text.find_first_not_of(kSpace);
    if (begin == text.npos) return {};
    return text.substr(begin, text.find_last_not_of(kSpace) - begin + 1);
}

// One domain per line; "#" begins a comment.
std::set<std::string_view> read_domains(std::string_view file) {
    std::set<std::string_view> domains;
    while (!file.empty()) {
        const auto end = std::min(file.find('\n'), file.size());
        const auto line = trimmed(file.substr(0, end));
        file.remove_prefix(std::min(end + 1, file.size()));
        if (!line.empty() && !line.starts_with('#')) domains.insert(line);
    }
    return domains;
}

}  // namespace

std::optional<EmailAddress> parse_email_address(std::string_view text) {
    auto lower = ascii_lower(trimmed(text));
    const auto at = lower.rfind('@');
    if (at == lower.npos) return std::nullopt;
    auto domain = lower.substr(at + 1);
    if (domain.ends_with('.')) domain.pop_back();
    auto local = lower.substr(0, std::min(at, lower.find('+')));
    if (domain == "googlemail.com") domain = "gmail.com";
    if (domain == "gmail.com") std::erase(local, '.');
    if (local.empty() || domain.empty()) return std::nullopt;
    return EmailAddress{.normal = local + "@" + domain, .domain = domain};
}

bool is_free_mail_domain(std::string_view domain) {
    static const auto kDomains = read_domains(embedded_file("data/free_mail_domains.txt"));
    return kDomains.contains(domain);
}

bool is_disposable_domain(std::string_view domain) {
    static const auto kDomains = read_domains(embedded_file("data/disposable_domains.txt"));
    while (!domain.empty()) {
        if (kDomains.contains(domain)) return true;
        const auto dot = std::min(domain.find('.'), domain.size());
        domain.remove_prefix(std::min(dot + 1, domain.size()));
    }
    return false;
}

}  // namespace hw
