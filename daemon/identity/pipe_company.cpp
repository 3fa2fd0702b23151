// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/identity/pipe_company.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "common/printable.hpp"

namespace exapulse {

namespace {

std::string plain_name(const ProcessInfo& process) {
    return fmt::format("{} (pid {})", printable(process.name), process.start.pid);
}

std::string names_of(const std::vector<ProcessInfo>& some, const ExabgpProcesses& processes) {
    std::vector<std::string> names;
    for (const ProcessInfo& process : some) names.push_back(name_of(process, processes));
    return fmt::format("{}", fmt::join(names, " and "));
}

}  // namespace

std::string name_of(const ProcessInfo& process, const ExabgpProcesses& processes) {
    const ProcessInfo* parent = processes.find(process.start.parent);
    if (parent == nullptr || !is_exabgp(*parent)) return plain_name(process);
    return fmt::format("{}, started by the configuration of {}", plain_name(process),
                       plain_name(*parent));
}

std::string explain_silence(const PipeReaders& readers, const ExabgpProcesses& processes,
                            const std::string& pipe) {
    if (!readers.rivals.empty())
        return fmt::format(
            "{} {} {}{}: it takes commands meant for ExaBGP; stop it, and run its commands with "
            "exapulse run",
            names_of(readers.rivals, processes), readers.rivals.size() == 1 ? "reads" : "read",
            pipe, readers.helpers.empty() ? ", and ExaBGP is not seen to" : " as well as ExaBGP");
    if (readers.holders.empty()) return "";
    return readers.helpers.empty()
               ? fmt::format(
                     "only {} {} {} open, and ExaBGP is not seen to read it: ExaBGP is starting or "
                     "is not running, or the other program takes its commands",
                     names_of(readers.holders, processes),
                     readers.holders.size() == 1 ? "has" : "have", pipe)
               : fmt::format("{} {} {} open as well as ExaBGP, and may take its commands",
                             names_of(readers.holders, processes),
                             readers.holders.size() == 1 ? "has" : "have", pipe);
}

std::string explain_unread(const DeafExabgp& exabgp, const std::string& pipe) {
    const std::string who = plain_name(exabgp.daemon);
    if (exabgp.reads_removed)
        return fmt::format(
            "nobody reads {}: {} reads a removed one, since the pipes were replaced after it had "
            "started; restart ExaBGP",
            pipe, who);
    if (exabgp.helper)
        return fmt::format(
            "nobody reads {}: {} is running, but reads other pipes or serves a socket; does "
            "upstream.fifo match ExaBGP's exabgp_api_pipename?",
            pipe, who);
    return fmt::format(
        "nobody reads {}: {} is running, but reads no pipe; exabgp.api.cli is false, or the pipes "
        "did not exist when it started: set it to true, and restart ExaBGP",
        pipe, who);
}

}  // namespace exapulse
