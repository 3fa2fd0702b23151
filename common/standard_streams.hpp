// SPDX-License-Identifier: BSD-3-Clause
// Standard streams that were closed when the process started.
#pragma once

#include <fcntl.h>
#include <unistd.h>

namespace exapulse {

/// A closed standard stream would lend its number to a socket, and what is printed would go there.
/// What stands in fails as a closed one does. To be called before anything is opened.
inline void occupy_standard_streams() {
    for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
        if (fcntl(stream, F_GETFD) < 0)
            static_cast<void>(open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY));
}

}  // namespace exapulse
