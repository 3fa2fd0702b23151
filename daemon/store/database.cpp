// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/store/database.hpp"

#include <cassert>
#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <fmt/format.h>

namespace exapulse {

namespace {

/// How long another program, such as the administrator's sqlite3, may keep the file locked.
constexpr int lock_patience_ms = 1'000;

[[noreturn]] void fail(sqlite3* database, int code) {
    throw DatabaseError(
        database != nullptr ? sqlite3_errmsg(database) : std::string(sqlite3_errstr(code)), code);
}

/// SQLite would make it readable by everybody.
void make_private_file(const std::string& path) {
    const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0640);
    if (fd >= 0) ::close(fd);
}

/// SQLite opens a file with a newer write version (one byte at this offset, see its file format)
/// for reading only, for ever: no SQLite that exapulsed has used made it.
constexpr off_t write_version_at = 18;
constexpr unsigned char newest_write_version = 2;

void check_write_version(const std::string& path) {
    const int fd = ::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0) return;  // SQLite says why
    unsigned char version = 0;
    const bool read = ::pread(fd, &version, 1, write_version_at) == 1;
    ::close(fd);
    if (read && version > newest_write_version)
        throw DatabaseError(fmt::format("its write version is {}", version), damaged_file);
}

}  // namespace

bool DatabaseError::damaged() const {
    const int primary = code_ & 0xff;
    return primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB;
}

void Statement::Finalize::operator()(sqlite3_stmt* statement) const noexcept {
    sqlite3_finalize(statement);
}

Statement::Statement(sqlite3* database, std::string_view sql) : database_(database) {
    sqlite3_stmt* fresh = nullptr;
    check(sqlite3_prepare_v2(database, sql.data(), static_cast<int>(sql.size()), &fresh, nullptr));
    assert(fresh != nullptr);
    statement_.reset(fresh);
}

void Statement::check(int code) const {
    if (code != SQLITE_OK) fail(database_, code);
}

Statement& Statement::bind(int index, std::int64_t value) {
    check(sqlite3_bind_int64(statement_.get(), index, value));
    return *this;
}

Statement& Statement::bind(int index, std::string_view value) {
    check(sqlite3_bind_text64(statement_.get(), index, value.data(), value.size(),
                              SQLITE_TRANSIENT,  // NOLINT: a cast of SQLite's
                              SQLITE_UTF8));
    return *this;
}

bool Statement::step() {
    const int code = sqlite3_step(statement_.get());
    if (code == SQLITE_ROW) return true;
    if (code != SQLITE_DONE) fail(database_, code);
    return false;
}

std::int64_t Statement::number(int column) const {
    return sqlite3_column_int64(statement_.get(), column);
}

std::string_view Statement::text(int column) const {
    const auto* text = sqlite3_column_text(statement_.get(), column);
    if (text == nullptr) return {};
    return {reinterpret_cast<const char*>(text),
            static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

bool Statement::is_null(int column) const {
    return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}

void Statement::run() {
    const int code = sqlite3_step(statement_.get());
    if (code != SQLITE_DONE && code != SQLITE_ROW) {
        sqlite3_reset(statement_.get());
        fail(database_, code);
    }
    check(sqlite3_reset(statement_.get()));
}

void Database::Close::operator()(sqlite3* database) const noexcept {
    sqlite3_close_v2(database);
}

Database::Database(const std::string& path, Access access) {
    if (access == Access::ReadWrite) {
        make_private_file(path);
        check_write_version(path);
    }
    const int mode = access == Access::ReadWrite ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY;
    sqlite3* fresh = nullptr;
    const int code = sqlite3_open_v2(
        path.c_str(), &fresh,
        mode | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_EXRESCODE, nullptr);
    database_.reset(fresh);
    if (code != SQLITE_OK) fail(fresh, code);
    sqlite3_busy_timeout(fresh, lock_patience_ms);
}

void Database::execute(const char* sql) {
    const int code = sqlite3_exec(database_.get(), sql, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) fail(database_.get(), code);
}

std::int64_t Database::number(std::string_view sql) {
    Statement statement = prepare(sql);
    return statement.step() ? statement.number(0) : 0;
}

Transaction::Transaction(Database& database) : database_(database) {
    database_.execute("BEGIN IMMEDIATE");
}

Transaction::~Transaction() {
    if (!open_) return;
    try {
        database_.execute("ROLLBACK");
    } catch (const DatabaseError&) {
        // After some errors SQLite has undone it already.
    }
}

void Transaction::commit() {
    database_.execute("COMMIT");
    open_ = false;
}

}  // namespace exapulse
