// SPDX-License-Identifier: BSD-3-Clause
#include "tests/integration/attach.hpp"

#include <string_view>

#include <doctest/doctest.h>

namespace exapulse::test {

std::unique_ptr<Service> attach(ExabgpUnderTest& exabgp, const std::string& interval,
                                const std::string& config) {
    exabgp.start();
    Service::Options options;
    options.interval = interval;
    options.config = config;
    options.flags = exabgp.upstream_flags();
    auto service = std::make_unique<Service>("", options);
    const auto up = eventually([&] { return service->status()["state"] == "up"; }, start_time);
    REQUIRE_MESSAGE(up.held, "never up:\n" << service->log() << exabgp.log());
    return service;
}

std::string spelled(const ExabgpUnderTest& exabgp, const std::string& command) {
    if (exabgp.has_pipes()) return command;
    if (command == "version") return "system version";
    if (command == "restart") return "daemon restart";
    constexpr std::string_view neighbor = "neighbor ";
    if (command.starts_with(neighbor)) return "peer " + command.substr(neighbor.size());
    return "peer * " + command;
}

}  // namespace exapulse::test
