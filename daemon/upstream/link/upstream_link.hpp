// SPDX-License-Identifier: BSD-3-Clause
// UpstreamLink: one channel to ExaBGP, whatever it is made of.
#pragma once

#include <cassert>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "daemon/events/event.hpp"

namespace exapulse {

/// Opened once, used until it ends or is destroyed; another attempt is another link. Destroying it,
/// also from within one of its own callbacks, closes the channel; no callback comes after that.
class UpstreamLink {
  public:
    /// Why a channel could not be opened.
    struct Failure {
        Cause cause;
        std::string detail;
        bool unread = false;  ///< the pipes are there and may be opened, but nobody reads commands
    };
    struct Callbacks {
        /// Once: with nothing, and bytes flow, or with the failure, and the link is of no more use.
        /// May come from within open().
        std::function<void(const std::optional<Failure>&)> on_open;
        std::function<void(std::string_view)> on_bytes;
        /// Once, after on_open: ExaBGP has closed its end.
        std::function<void(const std::string& why)> on_end;
    };

    explicit UpstreamLink(Callbacks callbacks) : callbacks_(std::move(callbacks)) {
        assert(callbacks_.on_open && callbacks_.on_bytes && callbacks_.on_end);
    }
    virtual ~UpstreamLink() = default;

    virtual void open() = 0;
    virtual void write(std::string_view bytes) = 0;
    /// Leaves what ExaBGP writes where it is, until resume_reading() or until ExaBGP closes its
    /// end: then what is left is reported, and the end. Only once open.
    virtual void pause_reading() = 0;
    virtual void resume_reading() = 0;
    /// How many of the last bytes given to write() have certainly not reached ExaBGP.
    [[nodiscard]] virtual std::uint64_t unsent() const = 0;
    /// Forgets the last `bytes`; false when some of them have left, or may have.
    virtual bool take_back(std::uint64_t bytes) = 0;
    /// Writing has failed; as a rule on_end follows.
    [[nodiscard]] virtual bool failed() const = 0;

  protected:
    // Each callback may destroy the link, and so itself: it is copied, and nothing of the link may
    // be used after the call.
    void tell_open(const std::optional<Failure>& failure) const {
        const auto on_open = callbacks_.on_open;
        on_open(failure);
    }
    void tell_bytes(std::string_view bytes) const {
        const auto on_bytes = callbacks_.on_bytes;
        on_bytes(bytes);
    }
    void tell_end(const std::string& why) const {
        const auto on_end = callbacks_.on_end;
        on_end(why);
    }

  private:
    Callbacks callbacks_;
};

}  // namespace exapulse
