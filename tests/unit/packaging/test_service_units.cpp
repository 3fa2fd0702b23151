// SPDX-License-Identifier: BSD-3-Clause
// What the shipped units promise; tests/systemd/run holds a systemd to it.
#include <map>
#include <sstream>
#include <vector>

#include <doctest/doctest.h>

#include "tests/support/harness/project_file.hpp"
#include "tests/support/harness/temp_dir.hpp"

using namespace exapulse;

namespace {

using Settings = std::map<std::string, std::vector<std::string>>;

Settings settings_of(const std::string& unit) {
    Settings settings;
    std::istringstream text(test::read_file(test::project_file("systemd/" + unit)));
    for (std::string line; std::getline(text, line);) {
        const auto at = line.find('=');
        if (line.starts_with('#') || at == std::string::npos) continue;
        settings[line.substr(0, at)].push_back(line.substr(at + 1));
    }
    return settings;
}

using SettingValues = std::vector<std::string>;

}  // namespace

TEST_CASE("the service has no capability, cannot gain any, and is not root") {
    const Settings service = settings_of("exapulsed.service");  // the template, too
    CHECK(service.at("CapabilityBoundingSet") == SettingValues{""});
    CHECK(service.at("AmbientCapabilities") == SettingValues{""});
    CHECK(service.at("NoNewPrivileges") == SettingValues{"yes"});
    CHECK(service.at("User") == SettingValues{"exabgp"});
    CHECK(service.count("Group") == 0);
    CHECK(service.count("SupplementaryGroups") == 0);
    // + and ! run a command with more rights than the unit has.
    for (const char* name : {"ExecStart", "ExecReload"})
        for (const std::string& command : service.at(name))
            CHECK_MESSAGE(command.find_first_of("+!") == std::string::npos, command);
    for (const auto& setting : service)
        if (setting.first.starts_with("Exec"))
            CHECK((setting.first == "ExecStart" || setting.first == "ExecReload"));
}

TEST_CASE("the socket belongs to the group whoever the service runs as, and they stop together") {
    const Settings service = settings_of("exapulsed.service");
    CHECK(service.count("RuntimeDirectory") == 0);  // systemd would chown what is in it
    CHECK(service.at("PartOf") == SettingValues{"exapulsed@at@.socket"});
    for (const char* name : {"exapulsed.socket", "exapulsed@.socket"}) {
        CAPTURE(name);
        const Settings socket = settings_of(name);
        CHECK(socket.at("SocketGroup") == SettingValues{"exapulse"});
        CHECK(socket.at("SocketMode") == SettingValues{"0660"});
        CHECK(socket.count("SocketUser") == 0);
        CHECK(socket.at("Symlinks")[0].ends_with("/exabgp.sock"));
    }
}

TEST_CASE("the routes are announced by an unprivileged user, whose unit stops with exapulsed") {
    const Settings routes = settings_of("exapulse-routes.service");
    CHECK(routes.at("CapabilityBoundingSet") == SettingValues{""});
    CHECK(routes.at("NoNewPrivileges") == SettingValues{"yes"});
    CHECK(routes.at("DynamicUser") == SettingValues{"yes"});
    CHECK(routes.at("SupplementaryGroups") == SettingValues{"exapulse"});
    // A client that stays would start a stopped exapulsed again, by its socket.
    CHECK(routes.at("PartOf") == SettingValues{"exapulsed.service"});
    CHECK(routes.at("WantedBy") == SettingValues{"exapulsed.service"});
    CHECK(routes.at("ConditionPathExists") == SettingValues{"/etc/exapulse/routes"});
}

TEST_CASE("routes are held by an unprivileged user, beyond a restart of exapulsed") {
    const Settings hold = settings_of("exapulse-hold@.service");
    CHECK(hold.at("CapabilityBoundingSet") == SettingValues{""});
    CHECK(hold.at("NoNewPrivileges") == SettingValues{"yes"});
    CHECK(hold.at("DynamicUser") == SettingValues{"yes"});
    CHECK(hold.at("SupplementaryGroups") == SettingValues{"exapulse"});
    CHECK(hold.at("Restart") == SettingValues{"always"});
    CHECK(hold.at("KillMode") == SettingValues{"mixed"});
    // A restart of exapulsed would withdraw, and announce later.
    for (const char* name : {"PartOf", "BindsTo", "Requires"}) CHECK(hold.count(name) == 0);
    const Settings drop_in = settings_of("anycast-dns.conf");
    CHECK(drop_in.at("BindsTo") == drop_in.at("WantedBy"));
    CHECK(drop_in.at("Environment")[0].starts_with("\"HOLD_CHECK="));
}
