// SPDX-License-Identifier: Apache-2.0
#include "core/verify_domain.hpp"

#include <memory>
#include <optional>

#include "api/api.hpp"
#include "api/json.hpp"
#include "api/verify_domain.hpp"
#include "base/dns.hpp"
#include "core/claim_domain.hpp"
#include "core/create_domain.hpp"

namespace hw::api {
namespace {

// What the name servers said, filled before the transaction begins.
struct Records {
    DomainRecords found;
    std::optional<Error> failed;
};

json::object proof_json(const Domain& domain, const Records& records, const Call& call) {
    const auto& hosts = call.options.app_hosts;
    json::object out{
        {"slug", domain.slug},
        {"verified", domain.verified},
        {"txt", nullptr},
        {"cname", hosts.empty() ? json::value(nullptr) : json::value(hosts.front())},
        {"found", json::array(records.found.texts.begin(), records.found.texts.end())}};
    if (!domain.token.empty()) {
        out["txt"] = json::object{{"name", token_name(domain.slug)}, {"value", domain.token}};
    }
    return out;
}

// Both questions, one after the other; `ready` is called once, with `records` filled.
void ask(DnsResolver& resolver, const std::string& slug, const std::shared_ptr<Records>& records,
         std::move_only_function<void()> ready) {
    resolver.look_up(token_name(slug), DnsRecord::Txt,
                     [&resolver, slug, records,
                      ready = std::move(ready)](Result<std::vector<std::string>> texts) mutable {
                         if (!texts) {
                             records->failed = std::move(texts.error());
                             return ready();
                         }
                         records->found.texts = std::move(*texts);
                         resolver.look_up(slug, DnsRecord::Cname,
                                          [records, ready = std::move(ready)](
                                              Result<std::vector<std::string>> names) mutable {
                                              if (names) records->found.cnames = std::move(*names);
                                              ready();
                                          });
                     });
}

}  // namespace

Result<Work> verify_domain(const Call& call) {
    auto* const resolver = call.options.resolver;
    const auto slug = normalize_domain(call.parameters.at(0));
    if (!slug) return fail(ErrorCode::NotFound, "Domain not found.", "domain_not_found");
    auto records = std::make_shared<Records>();
    Work work{Work::Mode::Write, [&call, slug = *slug, records](Tx& tx) -> Result<Answer> {
                  const auto& workspace_id = call.workspace().workspace_id;
                  HW_TRY(find_named_domain(tx, workspace_id, slug));
                  if (records->failed) return std::unexpected(*records->failed);
                  const auto domain = HW_TRY(hw::verify_domain(
                      tx, workspace_id, slug, records->found, call.options.app_hosts));
                  return json_answer(json::serialize(proof_json(domain, *records, call)));
              }};
    work.as_operator = true;
    if (resolver != nullptr) {
        work.first = [resolver, slug = *slug, records](std::move_only_function<void()> ready) {
            ask(*resolver, slug, records, std::move(ready));
        };
    } else {
        records->failed = Error{ErrorCode::Unavailable, "This server resolves no names.", "no_dns"};
    }
    return work;
}

}  // namespace hw::api
