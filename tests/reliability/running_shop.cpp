// SPDX-License-Identifier: Apache-2.0
#include "tests/reliability/running_shop.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <random>
#include <sstream>
#include <stdexcept>

#include "base/digest.hpp"
#include "core/create_api_key.hpp"
#include "store/partners.hpp"
#include "store/programs.hpp"
#include "store/rewards.hpp"
#include "store/workspaces.hpp"
#include "tests/wait_for.hpp"

namespace hw {
namespace {

constexpr std::string_view kWorkspace = "ws_shop";
constexpr std::string_view kProgram = "prog_1";
constexpr std::string_view kPartner = "pn_1";

// A partner earns 12.5 % of sales and 3.00 for a customer, held for 30 days.
void insert_program_of_shop(Tx& tx) {
    const std::string workspace_id(kWorkspace);
    const std::string program_id(kProgram);
    HW_ASSERT(insert_program(tx, {.workspace_id = workspace_id,
                                  .program_id = program_id,
                                  .name = "Friends",
                                  .slug = "friends",
                                  .domain = std::string(kShopDomain),
                                  .url = "https://shop.example",
                                  .min_payout_amount = 0,
                                  .created_at_ms = tx.now_ms()}));
    PartnerGroup group;
    group.workspace_id = workspace_id;
    group.group_id = "grp_1";
    group.program_id = program_id;
    group.name = group.slug = "default";
    group.holding_period_days = 30;
    for (const auto* event : {"sale", "lead"}) {
        Reward reward;
        reward.workspace_id = workspace_id;
        reward.reward_id = fmt::format("rw_{}", event);
        reward.program_id = program_id;
        reward.event = event;
        reward.base = event == std::string_view("sale") ? RewardAmount{true, 1'250, {}}
                                                        : RewardAmount{false, 300, 0};
        HW_ASSERT(insert_reward(tx, reward));
    }
    group.sale_reward_id = "rw_sale";
    group.lead_reward_id = "rw_lead";
    HW_ASSERT(insert_group(tx, group));
    Partner partner;
    partner.workspace_id = workspace_id;
    partner.partner_id = partner.name = kPartner;
    HW_ASSERT(insert_partner(tx, partner));
    Enrollment enrollment;
    enrollment.workspace_id = workspace_id;
    enrollment.program_id = program_id;
    enrollment.partner_id = kPartner;
    enrollment.enrollment_id = "pge_1";
    enrollment.group_id = group.group_id;
    enrollment.status = "approved";
    HW_ASSERT(insert_enrollment(tx, enrollment));
}

Result<bool> insert_shop(Tx& tx) {
    Workspace workspace;
    workspace.workspace_id = kWorkspace;
    workspace.slug = "shop";
    workspace.name = "Shop";
    workspace.created_at_ms = tx.now_ms();
    HW_ASSERT(insert_workspace(tx, workspace));
    HW_ASSERT(insert_domain(tx, {.slug = std::string(kShopDomain),
                                 .workspace_id = workspace.workspace_id,
                                 .domain_id = tx.new_id("dom_"),
                                 .primary = true,
                                 .created_at_ms = tx.now_ms()}));
    HW_TRY(create_api_key(tx, {.workspace_id = workspace.workspace_id,
                               .name = "test",
                               .secret = std::string(kShopToken)}));
    insert_program_of_shop(tx);
    for (int i = 0; i < kShopLinks; ++i) {
        Link link;
        link.workspace_id = workspace.workspace_id;
        link.link_id = tx.new_id("link_");
        link.domain = kShopDomain;
        link.key = link.key_folded = fmt::format("k{}", i);
        link.url = "https://shop.example/landing";
        link.track_conversion = true;
        if (i % 2 == 0) {  // every other one is a partner's
            link.program_id = kProgram;
            link.partner_id = kPartner;
        }
        link.created_at_ms = link.updated_at_ms = tx.now_ms();
        HW_ASSERT(insert_link(tx, link));
    }
    return true;
}

std::string text_of_file(const std::string& path) {
    std::ifstream file(path);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

}  // namespace

void seed_shop(const std::string& url) {
    TestEnv env;
    Db db({.url = url, .writers = 1, .readers = 1}, env);
    const auto made = db.write_now<bool>(std::string(kOperator), insert_shop);
    HW_ASSERT(made.has_value());
}

std::string click_request(std::string_view key, std::string_view agent, std::string_view headers) {
    return fmt::format("GET /{} HTTP/1.1\r\nHost: {}\r\nUser-Agent: {}\r\n{}\r\n", key, kShopDomain,
                       agent, headers);
}

std::string post_request(std::string_view path, std::string_view body) {
    return fmt::format(
        "POST {} HTTP/1.1\r\nHost: api.example\r\nAuthorization: Bearer {}\r\n"
        "Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{}",
        path, kShopToken, body.size(), body);
}

std::string lead_request(std::string_view click_id, std::string_view customer) {
    return post_request(
        "/track/lead",
        fmt::format(R"({{"clickId":"{}","eventName":"Sign up","customerExternalId":"{}"}})",
                    click_id, customer));
}

std::string sale_request(const SaleTold& sale) {
    const auto click =
        sale.click_id.empty() ? "" : fmt::format(R"("clickId":"{}",)", sale.click_id);
    return post_request(
        "/track/sale",
        fmt::format(
            R"({{{}"customerExternalId":"{}","invoiceId":"{}","amount":{},"currency":"usd"}})",
            click, sale.customer, sale.invoice, sale.amount));
}

std::string click_id_of(const RawAnswer& answer) {
    const auto location = answer.header("Location");
    const std::string_view name = "dub_id=";
    const auto at = location.find(name);
    if (answer.status != 302 || at == std::string::npos) return {};
    const auto begin = at + name.size();
    return location.substr(begin, location.find('&', begin) - begin);
}

std::string browser_agent(std::string_view name) {
    return fmt::format(
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
        "Chrome/126.0.0.0 Safari/537.36 {}",
        name);
}

RunningShop::RunningShop(std::string url, std::vector<std::string> environment)
    : url_(std::move(url)), environment_(std::move(environment)) {}

void RunningShop::start() {
    // Another process may hold the port for a moment.
    const bool started = wait_for([&] { return try_start(); });
    if (!started) throw std::runtime_error("the server does not start: " + log());
}

bool RunningShop::try_start() {
    process_.reset();
    log_file_ = folder_ / fmt::format("serve-{}.log", ++starts_);
    const char* binary = std::getenv("HW_BINARY");
    process_ = std::make_unique<ChildProcess>(ChildOptions{
        .argv = {binary != nullptr ? binary : HW_BINARY_DIR "/headwater", "serve", "--listen",
                 fmt::format("127.0.0.1:{}", port_), "--database", url_, "--threads", "2"},
        .env = environment_,
        .log_file = log_file_});
    const std::string_view event = R"("event":"listening","address":"http://127.0.0.1:)";
    std::string text;
    wait_for([&] {
        text = log();
        return text.find(event) != std::string::npos || !process_->running();
    });
    const auto at = text.find(event);
    if (at == std::string::npos) return false;
    port_ = static_cast<std::uint16_t>(std::atoi(text.c_str() + at + event.size()));
    return true;
}

std::string RunningShop::log() const {
    return text_of_file(log_file_);
}

RawAnswer RunningShop::ask(const std::string& request) const {
    RawClient client(port_);
    client.send(request);
    return client.answer().value_or(RawAnswer{});
}

std::vector<std::string> lines_of(const std::string& url, std::string_view sql) {
    const auto connection = connect(url, Access::ReadOnly);
    connection->begin(kOperator);
    std::vector<std::string> lines;
    connection->stream(sql, [&](const Row& row) { lines.push_back(row.text(0)); });
    connection->rollback();
    std::ranges::sort(lines);
    return lines;
}

int rounds(int count, int long_count) {
    const char* is_long = std::getenv("HW_LONG");
    return is_long != nullptr && std::string_view(is_long) == "1" ? long_count : count;
}

std::uint64_t printed_seed() {
    const char* given = std::getenv("HW_SEED");
    const auto seed = given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device()();
    std::cout << "HW_SEED=" << seed << std::endl;
    return seed;
}

}  // namespace hw
