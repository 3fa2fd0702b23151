// SPDX-License-Identifier: BSD-3-Clause
// Database: one SQLite file, its statements and transactions. Throws DatabaseError.
#pragma once

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace exapulse {

/// SQLITE_CORRUPT
inline constexpr int damaged_file = 11;

class DatabaseError : public std::runtime_error {
  public:
    /// `code` is SQLite's, extended or not.
    DatabaseError(const std::string& what, int code) : std::runtime_error(what), code_(code) {}

    /// The file is not a database, or is damaged: it cannot be read any more.
    [[nodiscard]] bool damaged() const;

  private:
    int code_;
};

/// Must not outlive its Database.
class Statement {
  public:
    Statement(sqlite3* database, std::string_view sql);

    /// Sets parameter number `index`, from 1 on. The text is copied.
    Statement& bind(int index, std::int64_t value);
    Statement& bind(int index, std::string_view value);

    /// True if there is a row, which is valid until the next call.
    [[nodiscard]] bool step();
    [[nodiscard]] std::int64_t number(int column) const;
    [[nodiscard]] std::string_view text(int column) const;
    [[nodiscard]] bool is_null(int column) const;

    /// Executes a statement that returns no row; it can then be bound and run again.
    void run();

  private:
    struct Finalize {
        void operator()(sqlite3_stmt* statement) const noexcept;
    };
    void check(int code) const;

    sqlite3* database_;
    std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

/// To be used by one thread at a time.
class Database {
  public:
    enum class Access { ReadOnly, ReadWrite };

    /// ReadWrite creates the file if there is none, readable by its owner and group.
    Database(const std::string& path, Access access);

    void execute(const char* sql);
    [[nodiscard]] Statement prepare(std::string_view sql) { return {database_.get(), sql}; }
    /// The first column of the first row; 0 if there is none.
    [[nodiscard]] std::int64_t number(std::string_view sql);

  private:
    struct Close {
        void operator()(sqlite3* database) const noexcept;
    };
    std::unique_ptr<sqlite3, Close> database_;
};

/// All or nothing: what is not committed at its end is undone.
class Transaction {
  public:
    explicit Transaction(Database& database);
    ~Transaction();
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;

    void commit();

  private:
    Database& database_;
    bool open_ = true;
};

}  // namespace exapulse
