// SPDX-License-Identifier: BSD-3-Clause
// ExabgpProgram: recognises ExaBGP by the arguments of its process. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace exapulse {

/// The program that a process runs; for Python, the one after Python's own options.
struct RunProgram {
    std::string script;    ///< empty for a module
    std::string module;    ///< of -m
    std::size_t rest = 0;  ///< index of its first argument
};

/// nullopt without arguments, and for Python with its program as text.
[[nodiscard]] std::optional<RunProgram> program_of(const std::vector<std::string>& arguments);

/// Whether these are the arguments of an ExaBGP daemon or of its helper, as opposed to its CLI,
/// health check and other tools. Everybody may read the arguments of any process.
[[nodiscard]] bool is_exabgp(const std::vector<std::string>& arguments);

}  // namespace exapulse
