// SPDX-License-Identifier: BSD-3-Clause
#include "tests/support/harness/bird.hpp"

#include <cctype>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "tests/support/harness/eventually.hpp"
#include "tests/support/harness/free_port.hpp"

namespace exapulse::test {

namespace {

// Debian's folder for them is not in every user's PATH.
constexpr const char* bird_program = "/usr/sbin/bird";
constexpr const char* birdc_program = "/usr/sbin/birdc";

constexpr const char* exabgp_address = "127.0.0.3";

// ExaBGP main drops a session on which End-of-RIB arrives, which BIRD sends with graceful restart.
// BIRD's usual pause after an error, a minute, is for routers, not for tests.
constexpr const char* bird_configuration = R"(router id 10.0.0.2;
log stderr all;
protocol device {{}}
protocol bgp exabgp {{
	local {} port {} as 65002;
	neighbor {} as 65001;
	multihop;
	strict bind yes;
	passive yes;
	graceful restart off;
	error wait time 1, 1;
	ipv4 {{ import all; export none; }};
{}}}
)";
constexpr const char* further_tables = "vpn4 table vpns;\nflow4 table flows;\n";
constexpr const char* further_channels = R"(	ipv6 { import all; export none; };
	vpn4 mpls { table vpns; import all; export none; };
	flow4 { table flows; import all; export none; validate off; };
)";

}  // namespace

Bird::Bird(const std::string& folder, Families families)
    : control_(folder + "/bird.ctl"), port_(free_port(address)), families_(families) {
    const std::string file_name = folder + "/bird.conf";
    std::ofstream file(file_name);
    const bool many = families_ == Families::Many;
    if (many) file << further_tables;
    file << fmt::format(bird_configuration, address, port_, exabgp_address,
                        many ? further_channels : "")
         << std::flush;
    if (!file) throw std::runtime_error("can't write " + file_name);
    process_ = std::make_unique<ChildProcess>(std::vector<std::string>{
        bird_program, "-f", "-c", file_name, "-s", control_, "-P", folder + "/bird.pid"});
    if (!eventually(
            [this] { return ask("show status").find("up and running") != std::string::npos; }))
        throw std::runtime_error("BIRD does not come up: " + log());
}

std::string Bird::neighbor() const {
    return fmt::format(
        R"(neighbor {} {{
	router-id 10.0.0.9;
	local-address {};
	local-as 65001;
	peer-as 65002;
	connect {};
	family {{ ipv4 unicast; {}}}
}}
)",
        address, exabgp_address, port_,
        families_ == Families::Many ? "ipv6 unicast; ipv4 mpls-vpn; ipv4 flow; " : "");
}

bool Bird::established() const {
    return ask("show protocols exabgp").find("Established") != std::string::npos;
}

void Bird::enable(bool wanted) const {
    static_cast<void>(ask(wanted ? "enable exabgp" : "disable exabgp", true));
}

std::set<std::string> Bird::routes() const {
    std::set<std::string> prefixes;
    std::istringstream lines(ask("show route protocol exabgp"));
    // The head, "Table master4:", and a second route to the same prefix begin otherwise.
    for (std::string line; std::getline(lines, line);)
        if (std::isdigit(static_cast<unsigned char>(line[0])) != 0)
            prefixes.insert(line.substr(0, line.find(' ')));
    return prefixes;
}

std::set<std::string> Bird::described_routes() const {
    std::set<std::string> routes;
    std::string route;
    const auto end = [&] {
        if (!route.empty()) routes.insert(std::exchange(route, {}));
    };
    std::istringstream lines(ask("show route all protocol exabgp table all"));
    for (std::string line; std::getline(lines, line);) {
        // A route has no indentation, its attributes do; "[exabgp 12:00:00.000]" is when it came.
        const bool attribute =
            !line.empty() && std::isspace(static_cast<unsigned char>(line[0])) != 0;
        if (!attribute) end();
        if (line.empty() || line.starts_with("Table") || line.starts_with("BIRD") ||
            line.starts_with("Access"))
            continue;
        const auto time = line.find("[exabgp ");
        if (!attribute && time != line.npos) line.erase(time, line.find(']', time) - time + 1);
        route += line + "\n";
    }
    end();
    return routes;
}

Bird::Received Bird::received() const {
    Received received;
    std::istringstream words(ask("show protocols all exabgp"));
    // Each line has the numbers received, rejected, filtered, ignored and accepted.
    for (std::string before, word; words >> word; before = word) {
        if (before != "Import") continue;
        if (word == "updates:") words >> received.updates;
        if (word == "withdraws:") words >> received.withdraws;
    }
    return received;
}

std::string Bird::ask(std::string_view command, bool may_change) const {
    std::vector<std::string> argv{birdc_program, "-s", control_};
    if (!may_change) argv.emplace_back("-r");
    std::istringstream words{std::string(command)};
    for (std::string word; words >> word;) argv.push_back(word);
    ChildProcess birdc(argv);
    if (!birdc.wait_exit()) throw std::runtime_error("birdc does not end");
    return birdc.stdout_text();
}

}  // namespace exapulse::test
