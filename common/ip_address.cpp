// SPDX-License-Identifier: BSD-3-Clause
#include "common/ip_address.hpp"

#include <arpa/inet.h>
#include <array>
#include <charconv>
#include <optional>
#include <string>

namespace exapulse {

namespace {

struct Address {
    int family;
    std::array<unsigned char, sizeof(in6_addr)> bytes;  // those of IPv4 are followed by zeros

    friend bool operator==(const Address&, const Address&) = default;
};

std::optional<Address> parse(std::string_view text) {
    for (const int family : {AF_INET, AF_INET6}) {
        Address address{family, {}};
        if (inet_pton(family, std::string(text).c_str(), address.bytes.data()) == 1) return address;
    }
    return std::nullopt;
}

}  // namespace

bool is_address(std::string_view text) {
    return parse(text).has_value();
}

bool is_address_range(std::string_view text) {
    const auto slash = text.find('/');
    if (slash == std::string_view::npos) return false;
    const auto address = parse(text.substr(0, slash));
    const std::string_view length = text.substr(slash + 1);
    int bits = -1;
    const auto [end, error] = std::from_chars(length.data(), length.data() + length.size(), bits);
    return address && error == std::errc{} && end == length.data() + length.size() && bits >= 0 &&
           bits <= (address->family == AF_INET ? 32 : 128);
}

bool same_address(std::string_view a, std::string_view b) {
    const auto address = parse(a);
    return address ? address == parse(b) : a == b;
}

}  // namespace exapulse
