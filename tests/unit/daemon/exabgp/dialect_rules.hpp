// SPDX-License-Identifier: BSD-3-Clause
// The rules of each dialect, by short names.
#pragma once

#include "daemon/exabgp/dialect.hpp"

namespace exapulse::test {

inline const DialectRules& v42 = rules_of(Dialect::Pipes42);
inline const DialectRules& v50 = rules_of(Dialect::Pipes50);
inline const DialectRules& v4 = rules_of(Dialect::V4);
inline const DialectRules& v6 = rules_of(Dialect::V6);

}  // namespace exapulse::test
