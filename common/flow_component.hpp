// SPDX-License-Identifier: BSD-3-Clause
// flow_component(): a component of a flow rule in one spelling. Pure.
#pragma once

#include <string>
#include <string_view>

namespace exapulse {

/// `destination-port 80 443` for `destination-port [ =80 =443 ]`, `source 10.0.0.0/24` for
/// `source-ipv4 10.0.0.1/24`, `protocol udp` for `next-header =17`, `dscp` for `traffic-class`:
/// components with equal texts are the same for ExaBGP, see its configuration/flow/parser.py,
/// except for bits beyond the length of a prefix, which its peers ignore. `component` is the name
/// and the values, separated by blanks. ExaBGP's names for ports and ICMP types are left as they
/// are.
[[nodiscard]] std::string flow_component(std::string_view component);

}  // namespace exapulse
