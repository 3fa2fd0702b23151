// SPDX-License-Identifier: BSD-3-Clause
// ExabgpProgram: whether the arguments of a process are ExaBGP's. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace exapulse {

/// The program that a process runs, after a Python's own options.
struct RunProgram {
    std::string script;    ///< empty when it is a module
    std::string module;    ///< of -m
    std::size_t rest = 0;  ///< where its own arguments begin
};

/// nullopt for no arguments, and for a Python that was given its program as text.
[[nodiscard]] std::optional<RunProgram> program_of(const std::vector<std::string>& arguments);

/// Whether these are the arguments of an ExaBGP that serves, or of its helper: not of its CLI, its
/// health check and its other tools. Everybody may read the arguments of any process.
[[nodiscard]] bool is_exabgp(const std::vector<std::string>& arguments);

}  // namespace exapulse
