// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/upstream/link/other_users.hpp"

#include <algorithm>
#include <optional>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <spdlog/spdlog.h>

#include "daemon/identity/pipe_company.hpp"
#include "daemon/upstream/link/fifo_link.hpp"

namespace exapulse {

namespace {

using namespace std::chrono_literals;

/// Python takes its time to start: until then an ExaBGP that reads no pipe, or whose helper does
/// not, is a starting one.
constexpr auto start_time = 3s;
/// All processes are scanned, so not at every attempt to connect.
constexpr auto look_interval = 2s;

}  // namespace

std::string OtherUsers::look(const FifoLink& pipes, const std::string& name, Trouble trouble) {
    try {
        unseen_ = false;
        return find_reason(pipes, name, trouble);
    } catch (const ProcUnreadable& error) {
        unseen_ = true;
        spdlog::debug("upstream: cannot see who uses the pipes: {}", error.what());
        return "";
    }
}

std::string OtherUsers::find_reason(const FifoLink& pipes, const std::string& name,
                                    Trouble trouble) {
    log_answer_readers(pipes, name);
    const ExabgpProcesses processes(all_processes());
    PipeReaders readers = readers_among(processes, pipe_users(pipes.command_file()).users);
    takes_commands_ = !readers.rivals.empty();
    const bool just_busy = trouble == Trouble::Silence && !readers.helpers.empty();
    if (trouble == Trouble::None || just_busy) readers.holders.clear();
    const std::string why = explain_silence(readers, processes, command_pipe(name));
    if (why != silence_ && !why.empty()) spdlog::warn("upstream: {}", why);
    silence_ = why;
    return why;
}

void OtherUsers::log_answer_readers(const FifoLink& pipes, const std::string& name) {
    std::vector<ProcessStart> readers;
    for (const PipeUser& user : pipe_users(pipes.answer_file()).users) {
        if (!user.reads || user.writes) continue;
        const auto process = process_start(user.pid);
        if (!process) continue;
        readers.push_back(*process);
        if (std::find(named_.begin(), named_.end(), *process) != named_.end()) continue;
        spdlog::error(
            "upstream: {} reads {} as well and gets answers that belong to exapulsed's clients; "
            "stop it, and run its commands with exapulse run",
            describe_process(user.pid), answer_pipe(name));
    }
    named_ = std::move(readers);
}

const std::string& OtherUsers::writer(const FifoLink& pipes, TimePoint now) {
    if (now - writer_looked_ < look_interval) return writer_;
    writer_looked_ = now;
    std::vector<std::string> names;
    try {
        for (const PipeUser& user : pipe_users(pipes.command_file()).users)
            if (user.writes && !user.reads) names.push_back(describe_process(user.pid));
    } catch (const ProcUnreadable& error) {
        spdlog::debug("upstream: cannot see who writes commands: {}", error.what());
    }
    if (!names.empty()) writer_ = fmt::format("{}", fmt::join(names, " and "));
    return writer_;
}

std::string OtherUsers::why_unread(const std::string& name, TimePoint now) {
    // At each reload of ExaBGP nobody reads for a moment.
    if (now - asked_ > look_interval) {
        unread_since_ = now;
        unread_.clear();
    }
    asked_ = now;
    if (now - unread_since_ < start_time || now - looked_ < look_interval) return unread_;
    looked_ = now;
    try {
        const std::string why = find_deaf(command_pipe(name));
        if (why != unread_ && !why.empty()) spdlog::warn("upstream: {}", why);
        unread_ = why;
    } catch (const ProcUnreadable& error) {
        spdlog::debug("upstream: cannot see who reads no pipe: {}", error.what());
    }
    return unread_;
}

std::string OtherUsers::find_deaf(const std::string& pipe) {
    const ExabgpProcesses processes(all_processes());
    std::optional<DeafExabgp> deaf;
    for (const ProcessInfo& daemon : processes.daemons()) {
        if (std::chrono::system_clock::now() - started_at(daemon.start) < start_time) continue;
        DeafExabgp found{daemon, processes.helper_of(daemon)};
        found.reads_removed = found.helper && reads_removed(found.helper->start.pid, pipe);
        // The one that explains most: of several ExaBGPs the others serve something else.
        const bool better = !deaf || (found.reads_removed && !deaf->reads_removed) ||
                            (!found.helper && deaf->helper && !deaf->reads_removed);
        if (better) deaf = found;
    }
    return deaf ? explain_unread(*deaf, pipe) : "";
}

}  // namespace exapulse
