// SPDX-License-Identifier: BSD-3-Clause
// UpstreamDiscovery: where ExaBGP's socket is looked for, in the order of ExaBGP's own CLI.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

namespace exapulse {

/// One path where the socket may be, and what says so.
struct UpstreamCandidate {
    std::string path;
    std::string found_by;  ///< "config", "exabgp_api_socketpath" or "standard folder"
};

class UpstreamDiscovery {
  public:
    using Environment = std::function<std::optional<std::string>(const std::string&)>;

    /// `configured` is upstream.socket, empty for none. The variables are read as ExaBGP reads
    /// them: exabgp_api_socketpath, exabgp.api.socketname or exabgp_api_socketname. `own_socket`
    /// is what exapulsed serves and is never taken for ExaBGP's.
    UpstreamDiscovery(const std::string& configured, const Environment& environment, uid_t uid,
                      std::string own_socket);

    /// All that are looked at, in order. With `configured` there is only that one.
    [[nodiscard]] const std::vector<UpstreamCandidate>& candidates() const { return candidates_; }

    /// The first candidate where there is a socket now; nullptr when there is none.
    [[nodiscard]] const UpstreamCandidate* find() const;

    /// The folders in which a socket may appear; where one does not exist, its nearest parent that
    /// does. Without duplicates.
    [[nodiscard]] std::vector<std::string> folders_to_watch() const;

  private:
    std::vector<UpstreamCandidate> candidates_;
    std::string own_socket_;
};

}  // namespace exapulse
