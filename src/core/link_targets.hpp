// SPDX-License-Identifier: Apache-2.0
// Where a link leads beside its URL: by device, by country, by chance, and after its end. All pass
// the same rules as the URL itself.
#pragma once

#include "core/link_fields.hpp"

namespace hw {

// expiresAt and expiredUrl.
Result<void> put_expiration(const LinkFields& fields, Link& link);

// ios, android, geo, testVariants, testStartedAt and testCompletedAt.
Result<void> put_targets(const LinkFields& fields, Link& link);

// Whether the finished link may have the test that it has.
Result<void> check_test(const Link& link);

}  // namespace hw
