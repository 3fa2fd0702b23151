// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/exabgp/request.hpp"

#include "daemon/exabgp/command_line.hpp"

namespace exapulse {

Request::Request(std::string_view text)
    : text_(text),
      words_(tokens(text_)),
      rule_(rule_for(words_)),
      selector_(read_selector(text_)) {}

}  // namespace exapulse
