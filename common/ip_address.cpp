// SPDX-License-Identifier: BSD-3-Clause
#include "common/ip_address.hpp"

#include <arpa/inet.h>
#include <charconv>
#include <string>

namespace exapulse {

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
    const std::string whole(text);
    IpAddress address{32, {}};
    if (inet_pton(AF_INET, whole.c_str(), address.bytes.data()) == 1) return address;
    address.bits = 128;
    if (inet_pton(AF_INET6, whole.c_str(), address.bytes.data()) == 1) return address;
    return std::nullopt;
}

bool is_address(std::string_view text) {
    return IpAddress::parse(text).has_value();
}

bool is_address_range(std::string_view text) {
    const auto slash = text.find('/');
    if (slash == std::string_view::npos) return false;
    const auto address = IpAddress::parse(text.substr(0, slash));
    const std::string_view length = text.substr(slash + 1);
    int bits = -1;
    const auto [end, error] = std::from_chars(length.data(), length.data() + length.size(), bits);
    return address && error == std::errc{} && end == length.data() + length.size() && bits >= 0 &&
           bits <= address->bits;
}

bool same_address(std::string_view a, std::string_view b) {
    const auto address = IpAddress::parse(a);
    return address ? address == IpAddress::parse(b) : a == b;
}

}  // namespace exapulse
