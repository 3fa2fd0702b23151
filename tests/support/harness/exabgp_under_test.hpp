// SPDX-License-Identifier: BSD-3-Clause
// ExabgpUnderTest: an ExaBGP process that a test can treat badly, real or simulated.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <sys/types.h>
#include <vector>

#include "daemon/exabgp/dialect.hpp"

namespace exapulse::test {

/// One ExaBGP in a process of its own, with its socket or its pipes in a folder of the test's.
/// None of the calls waits until they are served; each returns when the signal is sent or the
/// process started or reaped.
class ExabgpUnderTest {
  public:
    virtual ~ExabgpUnderTest() = default;  ///< ends it

    /// Of its socket; of its pipes without `.in` and `.out`.
    [[nodiscard]] virtual std::string path() const = 0;
    /// The flags that make exapulsed use it.
    [[nodiscard]] virtual std::vector<std::string> upstream_flags() const = 0;
    /// As `sidecar status` names it.
    [[nodiscard]] virtual std::string dialect() const = 0;
    /// Of the process that start() started; 0 when none runs.
    [[nodiscard]] virtual pid_t pid() const = 0;
    [[nodiscard]] bool has_pipes() const { return dialect() == "4.2" || dialect() == "5.0"; }
    /// What it has printed, in all of its processes.
    [[nodiscard]] virtual std::string log() const = 0;

    virtual void start() = 0;
    virtual void kill() = 0;             ///< kill -9: the socket file stays
    virtual void stop() = 0;             ///< SIGSTOP: connections stay and nothing answers
    virtual void cont() = 0;             ///< SIGCONT
    virtual void restart_process() = 0;  ///< a clean end, then start(): a new UUID
    virtual void bounce() = 0;           ///< a reload: connections end, the UUID stays
};

/// The simulator that EXABGP_SIMULATOR names. Not started yet.
[[nodiscard]] std::unique_ptr<ExabgpUnderTest> simulated_exabgp(const std::string& folder);

/// The same as ExaBGP 4.2 or 5.0, with a relay process and the pipes FOLDER/exabgp.in and .out.
[[nodiscard]] std::unique_ptr<ExabgpUnderTest> simulated_pipes_exabgp(const std::string& folder,
                                                                      Dialect dialect);

/// A neighbor block of ExaBGP's configuration: a peer that never comes.
[[nodiscard]] std::string passive_neighbor(const std::string& address = "127.0.0.1");

struct RealExabgpOptions {
    std::map<std::string, std::string> environment{};  ///< ExaBGP's settings, for example
    std::vector<std::string> wrapper{};  ///< a program, with arguments, that starts ExaBGP
};

/// The ExaBGP that EXABGP_HOME names, a checkout or the folder that holds the package `exabgp`, on
/// EXABGP_PYTHON or a Python of PATH's; without EXABGP_HOME Debian's, of the package exabgp. All it
/// reads and writes is in `folder`. Not started yet; throws when there is none.
[[nodiscard]] std::unique_ptr<ExabgpUnderTest> real_exabgp(
    const std::string& folder, const std::string& configuration = passive_neighbor(),
    const RealExabgpOptions& options = {});

/// Runs `exabgp run WORDS` of the ExaBGP 6 that EXABGP_HOME names, unmodified, with its
/// exabgp_api_socketpath on `socket`; what it printed, once it has ended.
[[nodiscard]] std::string run_exabgp_cli(const std::string& socket,
                                         const std::vector<std::string>& words);

/// Runs a Python program of ours that uses the modules of the package that real_exabgp() starts;
/// what it printed about `input`, its standard input. Throws with its complaint when it fails.
[[nodiscard]] std::string run_in_exabgp(const std::vector<std::string>& words,
                                        const std::string& input);

/// The dialect() of real_exabgp(), told by what is in its package; empty when there is none.
[[nodiscard]] std::string real_dialect();

}  // namespace exapulse::test
