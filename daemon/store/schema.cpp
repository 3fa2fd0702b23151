// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/store/schema.hpp"

#include <array>
#include <cstdint>

#include <fmt/format.h>

namespace exapulse {

namespace {

// Times are microseconds since 1970.
constexpr std::array<const char*, 6> versions{
    // One row of `run` for each run of exapulsed: `seen` is when it was last known to run. `line`
    // is an event as subscribers got it. `pruned` has one row: the
    // last event that was deleted for its age or for the size of the file; before the first, only
    // the time since which nothing is missing.
    R"(CREATE TABLE run(
           id INTEGER PRIMARY KEY AUTOINCREMENT,
           boot TEXT NOT NULL UNIQUE,
           started INTEGER NOT NULL,
           seen INTEGER NOT NULL);
       CREATE TABLE event(
           id INTEGER PRIMARY KEY AUTOINCREMENT,
           run INTEGER NOT NULL REFERENCES run(id),
           seq INTEGER NOT NULL,
           time INTEGER NOT NULL,
           type TEXT NOT NULL,
           line TEXT NOT NULL);
       CREATE UNIQUE INDEX event_place ON event(run, seq);
       CREATE INDEX event_time ON event(time);
       CREATE TABLE pruned(
           one INTEGER PRIMARY KEY CHECK (one = 1),
           run INTEGER NOT NULL,
           seq INTEGER NOT NULL,
           time INTEGER NOT NULL,
           line TEXT NOT NULL);)",
    // Every ExaBGP that was seen, longer than its events are kept.
    R"(CREATE TABLE identity(
           uuid TEXT PRIMARY KEY,
           first INTEGER NOT NULL,
           last INTEGER NOT NULL) WITHOUT ROWID;)",
    // Changes of peers as PeerChange has them, and until when a run knew how they are.
    R"(CREATE TABLE peer_change(
           id INTEGER PRIMARY KEY AUTOINCREMENT,
           run INTEGER NOT NULL REFERENCES run(id),
           time INTEGER NOT NULL,
           peer TEXT NOT NULL,
           state TEXT NOT NULL,
           restart INTEGER NOT NULL);
       CREATE INDEX peer_change_peer ON peer_change(peer, id);
       CREATE INDEX peer_change_time ON peer_change(time);
       ALTER TABLE run ADD COLUMN peers_heard INTEGER NOT NULL DEFAULT 0;)",
    // Commands of clients: `id` is the run and the number within it, `took` is in microseconds, and
    // `lost` is not 0 where the row represents that many which could not be kept.
    R"(CREATE TABLE command(
           id INTEGER PRIMARY KEY,
           time INTEGER NOT NULL,
           session INTEGER NOT NULL,
           uid INTEGER NOT NULL,
           user TEXT NOT NULL,
           pid INTEGER NOT NULL,
           process TEXT NOT NULL,
           command TEXT NOT NULL,
           role TEXT NOT NULL,
           verdict TEXT NOT NULL,
           why TEXT NOT NULL,
           took INTEGER NOT NULL,
           lost INTEGER NOT NULL);
       CREATE INDEX command_time ON command(time);)",
    // The routes that come back after a restart of ExaBGP, as LedgerEntry has them.
    R"(CREATE TABLE route(
           number INTEGER PRIMARY KEY,
           nlri TEXT NOT NULL,
           peers TEXT NOT NULL,
           line TEXT NOT NULL,
           uid INTEGER NOT NULL,
           user TEXT NOT NULL,
           since INTEGER NOT NULL,
           withdraws INTEGER NOT NULL);)",
    // Their names and leases, in milliseconds: `lease` 0 is none, and `grace` -1 is none. The one
    // row of `routes_had` is the ExaBGP that was sent all of them.
    R"(ALTER TABLE route ADD COLUMN name TEXT NOT NULL DEFAULT '';
       ALTER TABLE route ADD COLUMN lease INTEGER NOT NULL DEFAULT 0;
       ALTER TABLE route ADD COLUMN ttl INTEGER NOT NULL DEFAULT 0;
       ALTER TABLE route ADD COLUMN grace INTEGER NOT NULL DEFAULT -1;
       CREATE TABLE routes_had(
           one INTEGER PRIMARY KEY CHECK (one = 1),
           uuid TEXT NOT NULL);)",
};

int version_of(Database& database) {
    return static_cast<int>(database.number("PRAGMA user_version"));
}

void refuse_if_newer(int version) {
    if (version > static_cast<int>(versions.size()))
        throw NewerStore(
            fmt::format("it was written by a later exapulsed (version {} of the tables, this one "
                        "knows {}); install that exapulsed again, or move the file away",
                        version, versions.size()));
}

}  // namespace

std::span<const char* const> migrations() {
    return versions;
}

void migrate(Database& database) {
    const int version = version_of(database);
    refuse_if_newer(version);
    if (version == static_cast<int>(versions.size())) return;
    Transaction change(database);
    for (auto next = static_cast<std::size_t>(version_of(database)); next < versions.size(); ++next)
        database.execute(versions[next]);
    database.execute(fmt::format("PRAGMA user_version = {}", versions.size()).c_str());
    change.commit();
}

void refuse_newer_store(const std::string& path) {
    int version = 0;
    try {
        Database database(path, Database::Access::ReadOnly);
        version = version_of(database);
    } catch (const DatabaseError&) {
        return;
    }
    refuse_if_newer(version);
}

}  // namespace exapulse
