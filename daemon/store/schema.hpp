// SPDX-License-Identifier: BSD-3-Clause
// The tables of history.db, by version, and how an older file is brought up to date.
#pragma once

#include <span>
#include <stdexcept>
#include <string>

#include "daemon/store/database.hpp"

namespace exapulse {

/// The file was written by a later exapulsed, and is left as it is.
class NewerStore : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// Migration number N, from 0 on, leads from version N to N + 1. A row never changes once it has
/// been released.
[[nodiscard]] std::span<const char* const> migrations();

/// Brings the tables to version migrations().size(), all or nothing. Throws NewerStore.
void migrate(Database& database);

/// Throws NewerStore if the file at `path` is a store of a later version. Changes nothing, and
/// ignores any other fault.
void refuse_newer_store(const std::string& path);

}  // namespace exapulse
