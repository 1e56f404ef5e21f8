// SPDX-License-Identifier: Apache-2.0
#include "store/status_alerts.hpp"

namespace hw {
namespace {

const Query kInsertStatusAlert{"insert_status_alert", R"sql(
insert into status_alerts (workspace_id, alert_id, status, previous, rule, message, at_ms)
values ($1, $2, $3, $4, $5, $6, $7)
)sql"};

const Query kFindStatusAlert{"find_status_alert", R"sql(
select alert_id, status, previous, rule, message, at_ms
from status_alerts where workspace_id = $1 and alert_id = $2
)sql"};

const Query kLastStatusAlert{"last_status_alert", R"sql(
select alert_id, status, previous, rule, message, at_ms
from status_alerts where workspace_id = $1 order by alert_id desc limit 1
)sql"};

StatusAlert alert_from(const Row& row) {
    return {.alert_id = row.text(0),
            .status = row.text(1),
            .previous = row.text(2),
            .rule = row.text(3),
            .message = row.text(4),
            .at_ms = row.int64(5)};
}

}  // namespace

void insert_status_alert(Tx& tx, const StatusAlert& alert) {
    tx.exec(kInsertStatusAlert, tx.workspace_id(), alert.alert_id, alert.status, alert.previous,
            alert.rule, alert.message, alert.at_ms);
}

std::optional<StatusAlert> find_status_alert(Tx& tx, std::string_view alert_id) {
    return tx.first(kFindStatusAlert, alert_from, tx.workspace_id(), alert_id);
}

std::optional<StatusAlert> last_status_alert(Tx& tx) {
    return tx.first(kLastStatusAlert, alert_from, tx.workspace_id());
}

}  // namespace hw
