// SPDX-License-Identifier: BSD-3-Clause
// EpollServer: a minimal server on a Unix socket, which exapulsed is measured against.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "common/file_descriptor.hpp"

namespace exapulse::bench {

/// One thread, one read and one write per client with data. Throws std::system_error if a system
/// call fails.
class EpollServer {
  public:
    struct Client {
        FileDescriptor fd{};
        std::string in{};   ///< arrived and not consumed; the handler erases what it consumes
        std::string out{};  ///< written at the end of the turn
        std::size_t id = 0;
    };
    /// Data has arrived from `client`; nullptr: the end of the turn, before anything is written.
    using Handler = std::function<void(Client* client)>;

    EpollServer(const std::string& path, Handler handler);

    /// Connects to `path`; the connection is served like those accepted, and never closed.
    Client& connect(const std::string& path);
    [[nodiscard]] Client* find(std::size_t id);
    /// Appends to what is written to the client at the end of the turn.
    void send(Client& client, std::string_view bytes);
    void send_all_but(const Client& client, std::string_view bytes);
    void close_all();

    [[noreturn]] void run();

  private:
    Client& admit(FileDescriptor fd);
    void read(Client& client);
    void flush();

    Handler handler_;
    FileDescriptor epoll_, listener_;
    std::unordered_map<std::size_t, Client> clients_;
    std::vector<std::size_t> changed_;
    std::size_t last_id_ = 0;
};

/// A listening Unix socket, replacing an existing file; and a connected, blocking one.
[[nodiscard]] FileDescriptor listen_at(const std::string& path);
[[nodiscard]] FileDescriptor connect_to(const std::string& path);

}  // namespace exapulse::bench
