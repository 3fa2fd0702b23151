// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/health/identity_method.hpp"

#include <array>

namespace exapulse {

std::string_view name_of(IdentityMethod method) {
    constexpr std::array<std::string_view, 4> names{"ping", "process", "pidfile", "counted"};
    return names[static_cast<std::size_t>(method)];
}

std::string_view blind_spot(IdentityMethod method) {
    switch (method) {
        case IdentityMethod::Ping:
        case IdentityMethod::Process:
            return "";
        case IdentityMethod::Pidfile:
            return "an ExaBGP that was started without its pid file looks like the one before it";
        case IdentityMethod::Counted:
            return "a reload is reported as a restart, and a restart while exapulsed is not "
                   "running "
                   "goes undetected: set upstream.pidfile";
    }
    return "";
}

}  // namespace exapulse
