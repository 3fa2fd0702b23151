// SPDX-License-Identifier: BSD-3-Clause
// UpstreamDiscovery: where ExaBGP's socket and its pipes are looked for, in ExaBGP's own order.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

namespace exapulse {

/// What ExaBGP is reached by: the socket of 6.0, or the pipes of 4.2 and 5.0.
enum class UpstreamKind { Socket, Fifo };

/// One place where ExaBGP may be, and what says so.
struct UpstreamCandidate {
    UpstreamKind kind;
    std::string path;      ///< of pipes without their .in and .out
    std::string found_by;  ///< "config", "exabgp_api_socketpath" or "standard folder"

    bool operator==(const UpstreamCandidate&) const = default;
};

class UpstreamDiscovery {
  public:
    using Environment = std::function<std::optional<std::string>(const std::string&)>;

    /// What the configuration says: upstream.socket and upstream.fifo, empty for none.
    struct Configured {
        std::string socket;
        std::string fifo;
    };

    /// The variables are read as ExaBGP reads them: exabgp_api_socketpath, and socketname and
    /// pipename as exabgp.api.NAME or exabgp_api_NAME. `own_socket` is what exapulsed serves and is
    /// never taken for ExaBGP's.
    UpstreamDiscovery(const Configured& configured, const Environment& environment, uid_t uid,
                      std::string own_socket);

    /// All that are looked at, in order: sockets before pipes. What is configured is all there is.
    [[nodiscard]] const std::vector<UpstreamCandidate>& candidates() const { return candidates_; }

    /// Those where there is something now, in order. Pipes that are configured always count:
    /// whoever opens them says what is wrong.
    [[nodiscard]] std::vector<UpstreamCandidate> present() const;

    /// The folders in which a socket or a pipe may appear; where one does not exist, its nearest
    /// parent that does. Without duplicates.
    [[nodiscard]] std::vector<std::string> folders_to_watch() const;

  private:
    [[nodiscard]] bool is_present(const UpstreamCandidate& candidate) const;

    std::vector<UpstreamCandidate> candidates_;
    std::string own_socket_;
};

}  // namespace exapulse
