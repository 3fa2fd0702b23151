// SPDX-License-Identifier: BSD-3-Clause
#include "tests/integration/real/real_stage.hpp"

#include <sstream>

#include <doctest/doctest.h>

namespace exapulse::test {

RealStage::RealStage(const std::string& further, const std::string& config, Bird::Families families)
    : bird(dir.path(), families),
      exabgp(real_exabgp(dir.path(), bird.neighbor() + further)),
      service(attach(*exabgp, slow_ticks, config)) {
    await_session();
}

void RealStage::await_session() const {
    const auto up = eventually([this] { return bird.established(); }, start_time);
    REQUIRE_MESSAGE(up.held, "no BGP session:\n" << bird.log() << exabgp->log());
}

std::map<std::string, int> RealStage::logged(const std::string& what) const {
    // ... route added to neighbor 127.0.0.2 local-ip ... in-open : 10.1.2.0/24 next-hop 10.9.9.9
    const std::string head = "route " + what + " neighbor " + Bird::address + " ";
    const std::string colon = " : ";
    std::map<std::string, int> times;
    std::istringstream lines(exabgp->log());
    for (std::string line; std::getline(lines, line);) {
        const std::size_t found = line.find(head);
        if (found == std::string::npos) continue;
        const std::size_t prefix = line.find(colon, found) + colon.size();
        ++times[line.substr(prefix, line.find(' ', prefix) - prefix)];
    }
    return times;
}

}  // namespace exapulse::test
