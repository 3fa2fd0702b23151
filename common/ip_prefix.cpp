// SPDX-License-Identifier: BSD-3-Clause
#include "common/ip_prefix.hpp"

#include <arpa/inet.h>
#include <array>

#include "common/number.hpp"

namespace exapulse {

namespace {

bool bit(const IpAddress& address, int number) {
    const unsigned char byte = address.bytes.at(static_cast<std::size_t>(number) / 8);
    return (byte >> (7 - number % 8) & 1) != 0;
}

}  // namespace

std::optional<IpPrefix> IpPrefix::parse_with_host_bits(std::string_view text) {
    const auto slash = text.find('/');
    const auto first = IpAddress::parse(text.substr(0, slash));
    if (!first) return std::nullopt;
    IpPrefix prefix{*first, first->bits};
    if (slash != std::string_view::npos) {
        const std::string_view digits = text.substr(slash + 1);
        const auto length = number_in<unsigned>(digits);
        if (!length || digits.size() > 3 || *length > static_cast<unsigned>(first->bits))
            return std::nullopt;
        prefix.length = static_cast<int>(*length);
    }
    for (int number = prefix.length; number < first->bits; ++number)
        prefix.first.bytes.at(static_cast<std::size_t>(number) / 8) &=
            static_cast<unsigned char>(~(1U << (7 - number % 8)));
    return prefix;
}

std::optional<IpPrefix> IpPrefix::parse(std::string_view text) {
    const auto prefix = parse_with_host_bits(text);
    if (!prefix || prefix->first != *IpAddress::parse(text.substr(0, text.find('/'))))
        return std::nullopt;
    return prefix;
}

std::string IpPrefix::text() const {
    std::array<char, INET6_ADDRSTRLEN> buffer{};
    inet_ntop(first.bits == 32 ? AF_INET : AF_INET6, first.bytes.data(), buffer.data(),
              buffer.size());
    return std::string(buffer.data()) + '/' + std::to_string(length);
}

bool IpPrefix::contains(const IpPrefix& other) const {
    if (first.bits != other.first.bits || length > other.length) return false;
    for (int number = 0; number < length; ++number)
        if (bit(first, number) != bit(other.first, number)) return false;
    return true;
}

}  // namespace exapulse
