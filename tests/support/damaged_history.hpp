// SPDX-License-Identifier: BSD-3-Clause
// damage_schema(): a history.db that whoever uses it next finds damaged, even who has it open.
#pragma once

#include <string>

#include "daemon/store/database.hpp"

namespace exapulse::test {

inline void damage_schema(const std::string& path) {
    Database(path, Database::Access::ReadWrite)
        .execute(
            "PRAGMA writable_schema = ON;"
            "UPDATE sqlite_schema SET sql = 'CREATE' WHERE name = 'event';"
            "PRAGMA schema_version = 1000");
}

}  // namespace exapulse::test
