// SPDX-License-Identifier: Apache-2.0
#include "api/rewards.hpp"

#include "api/query.hpp"
#include "api/reward_json.hpp"
#include "core/programs.hpp"
#include "core/rewards.hpp"

namespace hw::api {
namespace {

Answer answer_of(const json::value& body, int status = 200) {
    return json_answer(serialize_exact(body), status);
}

Answer gone(const std::string& id) {
    return answer_of(json::object{{"id", id}});
}

}  // namespace

Result<Work> list_rewards(const Call& call) {
    auto program_id = HW_TRY(query_text(call.request.query, "programId"));
    return Work{
        Work::Mode::Read, [program_id = std::move(program_id)](Tx& tx) -> Result<Answer> {
            const auto program = HW_TRY(required_program(tx, program_id));
            json::array rewards;
            for (const auto& reward : hw::list_rewards(tx, tx.workspace_id(), program.program_id)) {
                rewards.push_back(reward_json(reward));
            }
            return answer_of(rewards);
        }};
}

Result<Work> create_reward(const Call& call) {
    const auto body = HW_TRY(parse_exact_object(call.request.body));
    auto reward = HW_TRY(read_reward(body));
    return Work{Work::Mode::Write, [reward = std::move(reward)](Tx& tx) -> Result<Answer> {
                    return answer_of(reward_json(HW_TRY(hw::create_reward(tx, reward))), 201);
                }};
}

Result<Work> get_reward(const Call& call) {
    return Work{Work::Mode::Read, [id = call.parameters.at(0)](Tx& tx) -> Result<Answer> {
                    return answer_of(reward_json(HW_TRY(hw::get_reward(tx, id))));
                }};
}

Result<Work> update_reward(const Call& call) {
    auto body = HW_TRY(parse_exact_object(call.request.body));
    return Work{Work::Mode::Write,
                [body = std::move(body), id = call.parameters.at(0)](Tx& tx) -> Result<Answer> {
                    const auto before = HW_TRY(hw::get_reward(tx, id));
                    auto reward = HW_TRY(read_reward(overlaid(reward_json(before), body)));
                    const auto stored = HW_TRY(hw::update_reward(tx, before, std::move(reward)));
                    return answer_of(reward_json(stored));
                }};
}

Result<Work> delete_reward(const Call& call) {
    return Work{Work::Mode::Write, [id = call.parameters.at(0)](Tx& tx) -> Result<Answer> {
                    return gone(HW_TRY(hw::delete_reward(tx, id)));
                }};
}

Result<Work> list_discounts(const Call& call) {
    auto program_id = HW_TRY(query_text(call.request.query, "programId"));
    return Work{Work::Mode::Read, [program_id = std::move(program_id)](Tx& tx) -> Result<Answer> {
                    const auto program = HW_TRY(required_program(tx, program_id));
                    json::array discounts;
                    for (const auto& discount :
                         hw::list_discounts(tx, tx.workspace_id(), program.program_id)) {
                        discounts.push_back(discount_json(discount));
                    }
                    return answer_of(discounts);
                }};
}

Result<Work> create_discount(const Call& call) {
    const auto body = HW_TRY(parse_exact_object(call.request.body));
    auto discount = HW_TRY(read_discount(body));
    return Work{Work::Mode::Write, [discount = std::move(discount)](Tx& tx) -> Result<Answer> {
                    return answer_of(discount_json(HW_TRY(hw::create_discount(tx, discount))), 201);
                }};
}

Result<Work> get_discount(const Call& call) {
    return Work{Work::Mode::Read, [id = call.parameters.at(0)](Tx& tx) -> Result<Answer> {
                    return answer_of(discount_json(HW_TRY(hw::get_discount(tx, id))));
                }};
}

Result<Work> update_discount(const Call& call) {
    auto body = HW_TRY(parse_exact_object(call.request.body));
    return Work{Work::Mode::Write,
                [body = std::move(body), id = call.parameters.at(0)](Tx& tx) -> Result<Answer> {
                    const auto before = HW_TRY(hw::get_discount(tx, id));
                    auto discount = HW_TRY(read_discount(overlaid(discount_json(before), body)));
                    const auto stored =
                        HW_TRY(hw::update_discount(tx, before, std::move(discount)));
                    return answer_of(discount_json(stored));
                }};
}

Result<Work> delete_discount(const Call& call) {
    return Work{Work::Mode::Write, [id = call.parameters.at(0)](Tx& tx) -> Result<Answer> {
                    return gone(HW_TRY(hw::delete_discount(tx, id)));
                }};
}

}  // namespace hw::api
