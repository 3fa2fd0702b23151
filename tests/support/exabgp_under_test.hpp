// SPDX-License-Identifier: BSD-3-Clause
// ExabgpUnderTest: an ExaBGP process that a test can treat badly, real or simulated.
#pragma once

#include <memory>
#include <string>
#include <vector>

namespace exapulse::test {

/// One ExaBGP in a process of its own, with its socket in a folder of the test's. None of the
/// calls waits until the socket is served; each returns when the signal is sent or the process
/// started or reaped.
class ExabgpUnderTest {
  public:
    virtual ~ExabgpUnderTest() = default;  ///< ends it

    [[nodiscard]] virtual std::string path() const = 0;  ///< of its socket
    [[nodiscard]] virtual std::string name() const = 0;  ///< for messages of tests

    virtual void start() = 0;
    virtual void kill() = 0;             ///< kill -9: the socket file stays
    virtual void stop() = 0;             ///< SIGSTOP: connections stay and nothing answers
    virtual void cont() = 0;             ///< SIGCONT
    virtual void restart_process() = 0;  ///< a clean end, then start(): a new UUID
    virtual void bounce() = 0;           ///< a reload: connections end, the UUID stays
};

/// The simulator that EXABGP_SIMULATOR names. Not started yet.
[[nodiscard]] std::unique_ptr<ExabgpUnderTest> simulated_exabgp(const std::string& folder);

/// The ExaBGP that EXABGP_HOME names: a checkout, or the folder that holds the package `exabgp`.
/// Its Python, 3.12 at least, is EXABGP_PYTHON or what PATH has. Not started yet; throws when
/// there is none.
[[nodiscard]] std::unique_ptr<ExabgpUnderTest> real_exabgp(const std::string& folder);

/// Runs `exabgp run WORDS` of the ExaBGP that EXABGP_HOME names, unmodified, with its
/// exabgp_api_socketpath on `socket`; what it printed, once it has ended.
[[nodiscard]] std::string run_exabgp_cli(const std::string& socket,
                                         const std::vector<std::string>& words);

/// Whether EXABGP_HOME names one.
[[nodiscard]] bool has_real_exabgp();

}  // namespace exapulse::test
