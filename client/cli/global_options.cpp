// SPDX-License-Identifier: BSD-3-Clause
#include "client/cli/global_options.hpp"

#include "client/cli/option_values.hpp"
#include "common/socket_path.hpp"

namespace exapulse::client {

void bind(OptionParser& parser, GlobalOptions& options) {
    parser.bind("--socket", options.socket);
    parser.bind("--instance", options.instance);
    parser.bind("--timeout", options.timeout);
    parser.bind("--quiet", options.quiet);
}

void apply(const GlobalOptions& options, Arguments& arguments) {
    const auto& [socket, instance, timeout, quiet] = options;
    if (quiet) arguments.quiet = true;
    if (timeout) arguments.timeout = time_of("--timeout", *timeout);
    if (socket && instance) refuse("--socket and --instance both name a socket; give one of them");
    if (socket) arguments.socket = *socket;
    if (instance) {
        if (const auto problem = instance_name_problem(*instance))
            refuse("--instance: {}", *problem);
        arguments.socket = instance_socket_path(*instance);
    }
    if (socket || instance) check_socket(arguments.socket);
}

void check_socket(const std::string& path) {
    if (const auto problem = socket_path_problem(path))
        refuse("the path of the socket {}: {}", *problem, path);
}

}  // namespace exapulse::client
