// SPDX-License-Identifier: Apache-2.0
#include "store/outbox.hpp"

namespace hw {
namespace {

const Query kAppendOutbox{"append_outbox", R"sql(
insert into outbox (workspace_id, event_id, kind, subject_id, at_ms) values ($1, $2, $3, $4, $5)
)sql"};

}  // namespace

void append_outbox(Tx& tx, std::string_view kind, std::string_view subject_id) {
    tx.exec(kAppendOutbox, tx.workspace_id(), tx.new_id("evt_"), kind, subject_id, tx.now_ms());
}

}  // namespace hw
