// SPDX-License-Identifier: BSD-3-Clause
// Audit: the fields of its records in systemd's journal.
#include <algorithm>
#include <csignal>
#include <string>
#include <unistd.h>

#include <doctest/doctest.h>

#include "tests/integration/service.hpp"
#include "tests/support/harness/eventually.hpp"
#include "tests/support/harness/journal_socket.hpp"
#include "tests/support/socket_simulator/exabgp_simulator.hpp"

using namespace exapulse::test;

namespace {

struct JournalStage {
    JournalSocket journal{};
    TempDir dir{};
    ExabgpSimulator exabgp{dir / "exabgp.sock"};
    Service service;

    explicit JournalStage(const std::string& config = "")
        : service(exabgp.path(), {config, "1h", {}, {}, journal.wrapper()}) {
        service.await("up");
    }

    /// The entry for the command; waits for it.
    JournalSocket::Entry entry(const std::string& command) {
        JournalSocket::Entry found;
        const auto came = eventually([&] {
            for (const auto& one : journal.received()) {
                const auto field = one.find("EXAPULSE_COMMAND");
                if (field != one.end() && field->second == command) found = one;
            }
            return !found.empty();
        });
        CHECK_MESSAGE(came, "no entry for " << command << "; the log:\n" << service.log());
        return found;
    }
};

/// False, with a message, where the kernel or this user's rights allow no namespaces, or exapulsed
/// was built without libsystemd.
bool possible() {
#ifdef EXAPULSE_SYSTEMD
    const bool works = JournalSocket().works();
#else
    const bool works = false;
#endif
    if (!works) MESSAGE("skipped: needs namespaces and libsystemd");
    return works;
}

}  // namespace

TEST_CASE("a record in the journal has every field of the audit") {
    if (!possible()) return;
    JournalStage stage;
    CHECK(stage.service.client().command("test echo ok").terminator == "done");
    auto entry = stage.entry("test echo ok");
    CHECK(entry["MESSAGE_ID"] == "6b1f0c7e5a8f4b0f9d3c2e7a41d5c9e8");
    CHECK(entry["SYSLOG_IDENTIFIER"] == "exapulsed");
    CHECK(entry["PRIORITY"] == "6");
    CHECK(entry["EXAPULSE_ROLE"] == "operate");
    CHECK(entry["EXAPULSE_VERDICT"] == "done");
    CHECK(entry["EXAPULSE_WHY"].empty());
    CHECK(entry["EXAPULSE_UID"] == "0");  // of the namespace, which maps this user to root
    CHECK(entry["EXAPULSE_USER"] == "root");
    CHECK(entry["EXAPULSE_PID"] == std::to_string(getpid()));
    CHECK(entry["EXAPULSE_PROCESS"] + "\n" == read_file("/proc/self/comm"));
    CHECK(std::stoul(entry["EXAPULSE_SESSION"]) > 0);
    CHECK(std::stod(entry["EXAPULSE_MILLISECONDS"]) > 0);
    CHECK(entry["MESSAGE"].find("): done: test echo ok (") != std::string::npos);
    // It is not in the stream as well.
    CHECK(stage.service.log().find("done: test echo ok") == std::string::npos);
}

TEST_CASE("a denied or lost command is a warning of the journal, without secrets") {
    if (!possible()) return;
    JournalStage stage;
    TestClient client = stage.service.client();
    static_cast<void>(client.command("api version md5-password hunter2"));
    auto denied = stage.entry("api version md5-password ***");
    CHECK(denied["PRIORITY"] == "4");
    CHECK(denied["EXAPULSE_VERDICT"] == "denied");
    CHECK_FALSE(denied["EXAPULSE_WHY"].empty());
    CHECK(denied["EXAPULSE_MILLISECONDS"] == "0.000");

    static_cast<void>(client.command("test error no"));
    CHECK(stage.entry("test error no")["EXAPULSE_VERDICT"] == "error");

    static_cast<void>(client.command("test hangup x"));
    auto lost = stage.entry("test hangup x");
    CHECK(lost["PRIORITY"] == "4");
    CHECK(lost["EXAPULSE_VERDICT"] == "outcome-unknown");
    CHECK(lost["EXAPULSE_WHY"].find("the connection was lost") != std::string::npos);
    for (const auto& entry : stage.journal.received())
        for (const auto& [name, value] : entry) CHECK(value.find("hunter2") == std::string::npos);
}

TEST_CASE("a long command is cut in the journal, and one that only reads is not there") {
    if (!possible()) return;
    JournalStage stage;
    TestClient client = stage.service.client();
    const std::string prefix = "test echo ";
    CHECK(client.command(prefix + std::string(10'000, 'x')).terminator == "done");
    const std::string kept = prefix + std::string(4'096 - prefix.size(), 'x');
    CHECK_FALSE(stage.entry(kept).empty());
    CHECK(client.command("system version").terminator == "done");
    CHECK(client.command("test echo last").terminator == "done");
    CHECK_FALSE(stage.entry("test echo last").empty());
    for (const auto& entry : stage.journal.received()) {
        const auto command = entry.find("EXAPULSE_COMMAND");
        if (command != entry.end()) CHECK(command->second != "system version");
    }
}
