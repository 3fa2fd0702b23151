// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/identity/identity_method.hpp"

#include <array>

namespace exapulse {

std::string_view name_of(IdentityMethod method) {
    constexpr std::array<std::string_view, 5> names{"ping", "process", "pidfile", "only", "none"};
    return names[static_cast<std::size_t>(method)];
}

std::string_view blind_spot(IdentityMethod method) {
    switch (method) {
        case IdentityMethod::Ping:
        case IdentityMethod::Process:
            return "";
        case IdentityMethod::Pidfile:
            return "whether the ExaBGP named by the pid file is the one on these pipes";
        case IdentityMethod::Only:
            return "an ExaBGP on these pipes whose program is not called exabgp";
        case IdentityMethod::None:
            return "ExaBGP's process: reloads are reported as possible restarts; run exapulsed as "
                   "ExaBGP's user or root and, if ExaBGP is in another container, share its PID "
                   "namespace; see IDENTITY in exapulsed(8)";
    }
    return "";
}

}  // namespace exapulse
