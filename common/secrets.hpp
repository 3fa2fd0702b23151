// SPDX-License-Identifier: BSD-3-Clause
// Secrets: the passwords in lines of and for ExaBGP. Pure.
#pragma once

#include <string>
#include <string_view>

namespace exapulse {

/// `text` with `***` for whatever follows `md5-password`, the `password` of `tcp-ao`, and the same
/// as keys of JSON. A password with spaces is covered where it is quoted.
[[nodiscard]] std::string mask_secrets(std::string_view text);

/// Whether mask_secrets() might change `text`: quick, for text that is read often.
[[nodiscard]] bool may_hold_secrets(std::string_view text);

}  // namespace exapulse
