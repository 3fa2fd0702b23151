// SPDX-License-Identifier: BSD-3-Clause
// UpstreamDiscovery: where ExaBGP's socket and pipes are searched for, in ExaBGP's own order.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

#include "common/small_file.hpp"
#include "daemon/exabgp/env_file.hpp"
#include "daemon/upstream/link/upstream_candidate.hpp"

namespace exapulse {

class UpstreamDiscovery {
  public:
    using Environment = std::function<std::optional<std::string>(const std::string&)>;
    using ReadFile = std::function<SmallFile(const std::string& path)>;

    /// The settings upstream.socket and upstream.fifo, empty for none.
    struct Configured {
        std::string socket;
        std::string fifo;
    };

    /// The variables are read as ExaBGP reads them: exabgp_api_socketpath, EXABGP_ROOT,
    /// EXABGP_ENVFILE, and socketname and pipename as exabgp.api.NAME or exabgp_api_NAME, which
    /// override ExaBGP's environment file. `own_socket` is what exapulsed serves and is never taken
    /// for ExaBGP's. `read_file` reads environment files.
    UpstreamDiscovery(Configured configured, Environment environment, uid_t uid,
                      std::string own_socket, ReadFile read_file = read_env_file);

    /// Reads ExaBGP's environment files again.
    void refresh();

    /// Whether there is a search at all: nothing is configured, which would be all there is.
    [[nodiscard]] bool is_search() const {
        return configured_.socket.empty() && configured_.fifo.empty();
    }
    /// All candidates in order: sockets before pipes.
    [[nodiscard]] const std::vector<UpstreamCandidate>& candidates() const { return candidates_; }
    /// The same without those whose directory is a symbolic link to another's, for people to read.
    [[nodiscard]] std::vector<UpstreamCandidate> distinct() const;
    /// The environment files that exist and cannot be read, in words; usually empty.
    [[nodiscard]] const std::vector<std::string>& problems() const { return problems_; }

    /// Those that exist now, in order. Configured pipes always count: opening them shows what is
    /// wrong.
    [[nodiscard]] std::vector<UpstreamCandidate> present() const;

    /// The directories in which a socket or a pipe may appear; where one does not exist, its
    /// nearest parent that does. Without duplicates.
    [[nodiscard]] std::vector<std::string> folders_to_watch() const;

    /// The environment variable of this process.
    [[nodiscard]] static std::optional<std::string> variable(const std::string& name);
    [[nodiscard]] static SmallFile read_env_file(const std::string& path);

  private:
    struct Name {
        std::string name;
        std::string said_by;
    };
    [[nodiscard]] std::vector<std::string> roots() const;
    [[nodiscard]] std::vector<std::string> env_files() const;
    [[nodiscard]] std::optional<Name> name_in_environment(const char* setting) const;
    void add_search();
    [[nodiscard]] bool is_present(const UpstreamCandidate& candidate) const;

    Configured configured_;
    Environment environment_;
    uid_t uid_;
    std::string own_socket_;
    ReadFile read_file_;
    std::vector<UpstreamCandidate> candidates_;
    std::vector<std::string> problems_;
};

}  // namespace exapulse
