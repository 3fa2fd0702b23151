// SPDX-License-Identifier: BSD-3-Clause
#include "common/ip_prefix.hpp"

#include <arpa/inet.h>
#include <string>

#include "common/number.hpp"

namespace exapulse {

namespace {

bool bit(const std::array<unsigned char, 16>& address, int number) {
    const unsigned char byte = address.at(static_cast<std::size_t>(number) / 8);
    return (byte >> (7 - number % 8) & 1) != 0;
}

}  // namespace

std::optional<IpPrefix> IpPrefix::parse(std::string_view text) {
    const auto slash = text.find('/');
    const std::string address(text.substr(0, slash));
    IpPrefix prefix;
    if (inet_pton(AF_INET, address.c_str(), prefix.address.data()) == 1)
        prefix.bits = 32;
    else if (inet_pton(AF_INET6, address.c_str(), prefix.address.data()) == 1)
        prefix.bits = 128;
    else
        return std::nullopt;
    prefix.length = prefix.bits;
    if (slash != std::string_view::npos) {
        const std::string_view digits = text.substr(slash + 1);
        const auto length = number_in<unsigned>(digits);
        if (!length || digits.size() > 3 || *length > static_cast<unsigned>(prefix.bits))
            return std::nullopt;
        prefix.length = static_cast<int>(*length);
    }
    for (int number = prefix.length; number < prefix.bits; ++number)
        if (bit(prefix.address, number)) return std::nullopt;
    return prefix;
}

bool IpPrefix::contains(const IpPrefix& other) const {
    if (bits != other.bits || length > other.length) return false;
    for (int number = 0; number < length; ++number)
        if (bit(address, number) != bit(other.address, number)) return false;
    return true;
}

}  // namespace exapulse
