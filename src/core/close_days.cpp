// SPDX-License-Identifier: Apache-2.0
#include "core/close_days.hpp"

#include <optional>
#include <vector>

#include "base/civil_time.hpp"
#include "core/rollups.hpp"
#include "store/rollup_days.hpp"

namespace hw {
namespace {

constexpr std::size_t kValuesAtOnce = 500;

struct Sums {
    std::vector<ValueCounts> of;
    std::optional<std::string> next;
};

// One attempt to close a day. It ends when somebody counts into that day, because what was summed
// up before may be too little then.
class Closing {
  public:
    Closing(Db& db, const std::string& workspace_id, std::int64_t day_ms)
        : db_(db),
          workspace_id_(workspace_id),
          day_ms_(day_ms),
          closer_(static_cast<std::int64_t>(db.env().random_64() >> 1) | 1) {}

    // False when it ended early.
    Result<bool> run() {
        HW_TRY(write([this](Tx& tx) -> Result<bool> {
            begin_closing(tx, day_ms_, closer_);
            return true;
        }));
        for (const auto dimension : kDimensions) {
            if (!HW_TRY(put(dimension))) return false;
        }
        return write([this](Tx& tx) -> Result<bool> {
            if (!hold_closing(tx, day_ms_, closer_)) return false;
            finish_closing(tx, day_ms_);
            return true;
        });
    }

  private:
    Result<bool> write(std::move_only_function<Result<bool>(Tx&)> work) {
        return db_.write_now<bool>(workspace_id_, std::move(work));
    }

    Result<bool> put(std::string_view dimension) {
        std::optional<std::string> from{""};
        while (from) {
            auto sums = HW_TRY(read(dimension, *from));
            if (!HW_TRY(put_rows(dimension, sums.of))) return false;
            from = std::move(sums.next);
        }
        return true;
    }

    Result<bool> put_rows(std::string_view dimension, const std::vector<ValueCounts>& sums) {
        return write([&](Tx& tx) -> Result<bool> {
            if (!hold_closing(tx, day_ms_, closer_)) return false;
            for (const auto& sum : sums) put_day_row(tx, day_ms_, dimension, sum);
            return true;
        });
    }

    // Apart from the writing: it walks over values that earned nothing on that day, too.
    Result<Sums> read(std::string_view dimension, const std::string& from) {
        return db_.read_now<Sums>(workspace_id_, [&](Tx& tx) -> Result<Sums> {
            auto page = list_values(tx, dimension, from, kValuesAtOnce);
            return Sums{sum_values(tx, dimension, page.values, {day_ms_, day_ms_ + kDayMs}),
                        std::move(page.next)};
        });
    }

    Db& db_;
    const std::string& workspace_id_;
    std::int64_t day_ms_;
    std::int64_t closer_;
};

Result<std::optional<std::int64_t>> day_to_close(Tx& tx) {
    return first_unclosed_day(tx, old_days_end(tx.now_ms() - kDayCloseDelayMs));
}

}  // namespace

Result<std::size_t> close_days(Db& db, const std::string& workspace_id, std::size_t at_most) {
    std::size_t count = 0;
    while (count < at_most) {
        const auto day_ms =
            HW_TRY(db.read_now<std::optional<std::int64_t>>(workspace_id, day_to_close));
        if (!day_ms) break;
        if (!HW_TRY(Closing(db, workspace_id, *day_ms).run())) break;
        ++count;
    }
    return count;
}

}  // namespace hw
