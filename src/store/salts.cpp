// SPDX-License-Identifier: Apache-2.0
#include "store/salts.hpp"

#include "base/fault.hpp"

namespace hw {
namespace {

constexpr std::size_t kSaltCharacters = 43;  // 256 bits of [0-9A-Za-z]

const Query kInsertSalt{"insert_salt",
                        "insert into salts (day, salt) values ($1, $2) on conflict do nothing"};
const Query kFindSalt{"find_salt", "select salt from salts where day = $1"};
const Query kDeleteSalts{"delete_salts_before", "delete from salts where day < $1"};

}  // namespace

std::string ensure_salt(Tx& tx, std::string_view day) {
    tx.exec(kInsertSalt, day, random_text(kSaltCharacters, tx.env()));
    const auto salt = tx.first(kFindSalt, [](const Row& row) { return row.text(0); }, day);
    HW_ASSERT(salt.has_value());
    return *salt;
}

void delete_salts_before(Tx& tx, std::string_view day) {
    tx.exec(kDeleteSalts, day);
}

}  // namespace hw
