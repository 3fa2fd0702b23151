// SPDX-License-Identifier: BSD-3-Clause
// Whether what a program takes of memory says something about it.
#pragma once

namespace exapulse::test {

// AddressSanitizer keeps what was freed.
#if defined(__SANITIZE_ADDRESS__)
inline constexpr bool memory_tells = false;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
inline constexpr bool memory_tells = false;
#else
inline constexpr bool memory_tells = true;
#endif
#else
inline constexpr bool memory_tells = true;
#endif

}  // namespace exapulse::test
