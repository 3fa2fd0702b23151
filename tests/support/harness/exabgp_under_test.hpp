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

/// One ExaBGP in a separate process, with its socket or its pipes in a directory of the test. No
/// call waits until they are served; each returns when the signal is sent or the process started
/// or reaped.
class ExabgpUnderTest {
  public:
    virtual ~ExabgpUnderTest() = default;  ///< ends it

    /// The path of its socket, or of its pipes without `.in` and `.out`.
    [[nodiscard]] virtual std::string path() const = 0;
    /// The flags that make exapulsed use it.
    [[nodiscard]] virtual std::vector<std::string> upstream_flags() const = 0;
    /// As in `sidecar status`.
    [[nodiscard]] virtual std::string dialect() const = 0;
    /// The pid of the process that start() started; 0 if none is running.
    [[nodiscard]] virtual pid_t pid() const = 0;
    [[nodiscard]] bool has_pipes() const { return dialect() == "4.2" || dialect() == "5.0"; }
    /// The output of all of its processes.
    [[nodiscard]] virtual std::string log() const = 0;

    virtual void start() = 0;
    virtual void kill() = 0;             ///< kill -9: the socket file stays
    virtual void stop() = 0;             ///< SIGSTOP: connections stay and nothing answers
    virtual void cont() = 0;             ///< SIGCONT
    virtual void restart_process() = 0;  ///< a clean stop, then start(): a new UUID
    virtual void bounce() = 0;           ///< a reload: connections end, the UUID stays
};

/// The simulator named by EXABGP_SIMULATOR. Not started yet.
[[nodiscard]] std::unique_ptr<ExabgpUnderTest> simulated_exabgp(const std::string& folder);

/// The same as ExaBGP 4.2 or 5.0, with a relay process and the pipes FOLDER/exabgp.in and .out.
[[nodiscard]] std::unique_ptr<ExabgpUnderTest> simulated_pipes_exabgp(const std::string& folder,
                                                                      Dialect dialect);

/// A neighbor block of ExaBGP's configuration: a peer that never connects.
[[nodiscard]] std::string passive_neighbor(const std::string& address = "127.0.0.1");

struct RealExabgpOptions {
    std::map<std::string, std::string> environment{};  ///< ExaBGP's settings, for example
    std::vector<std::string> wrapper{};  ///< a program, with arguments, that starts ExaBGP
};

/// The ExaBGP named by EXABGP_HOME, a checkout or the directory with the package `exabgp`, run with
/// EXABGP_PYTHON or a Python in PATH; without EXABGP_HOME that of Debian's exabgp package. All its
/// files are in `folder`. Not started yet; throws if there is none.
[[nodiscard]] std::unique_ptr<ExabgpUnderTest> real_exabgp(
    const std::string& folder, const std::string& configuration = passive_neighbor(),
    const RealExabgpOptions& options = {});

/// Runs `exabgp run WORDS` of the ExaBGP 6 named by EXABGP_HOME, unmodified, with its
/// exabgp_api_socketpath set to `socket`. Returns its output.
[[nodiscard]] std::string run_exabgp_cli(const std::string& socket,
                                         const std::vector<std::string>& words);

/// Runs one of our Python programs, with `input` on standard input, on the modules of the package
/// that real_exabgp() starts. Returns its output; throws with its error message if it fails.
[[nodiscard]] std::string run_in_exabgp(const std::vector<std::string>& words,
                                        const std::string& input);

/// The dialect() of real_exabgp(), determined from its package; empty if there is none.
[[nodiscard]] std::string real_dialect();

}  // namespace exapulse::test
