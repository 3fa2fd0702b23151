// SPDX-License-Identifier: BSD-3-Clause
// ExabgpInstance: identifies the ExaBGP that answers.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <sys/stat.h>
#include <vector>

#include "daemon/identity/identity_method.hpp"
#include "daemon/identity/known_instance.hpp"
#include "daemon/system/process_table.hpp"

namespace exapulse {

/// A name-based UUID (RFC 4122, version 5): the same name gives the same UUID.
[[nodiscard]] std::string uuid_of_name(std::string_view name);

struct ExabgpInstance {
    std::string uuid;
    IdentityMethod method = IdentityMethod::None;
    /// Whether a UUID other than before is proven to be another process. The same UUID is always
    /// proven to be the same process.
    bool proven = true;
};

/// Identifies the ExaBGP 4.2 or 5.0 that answers on the pipes, since their answers do not: collects
/// evidence from /proc, and leaves the decision to judge_identity().
class InstanceFinder {
  public:
    /// `pidfile` is upstream.pidfile, empty for none; `known` is what an earlier run saved.
    InstanceFinder(std::string pidfile, const std::optional<KnownInstance>& known);

    void set_pidfile(std::string pidfile) { pidfile_ = std::move(pidfile); }

    /// Call right after an answer: the process that reads the command pipe `file` then belongs to
    /// the ExaBGP that answered. nullopt if exapulsed lacks the descriptors or the memory to see
    /// whether it is the same, which the next call then judges as this one would have.
    [[nodiscard]] std::optional<ExabgpInstance> find(const struct stat& file);

    /// The same, at much less cost if nothing has happened since.
    [[nodiscard]] std::optional<ExabgpInstance> find_again(const struct stat& file);

    /// The connection was lost; `helper_ended`: because nobody reads the command pipe any more.
    void on_lost(bool helper_ended);
    /// Pings went unanswered.
    void on_doubt() { disturbed_ = true; }

    /// The processes whose end means the end of the connection: ExaBGP and its helper.
    [[nodiscard]] std::vector<ProcessStart> processes() const;

    /// What went wrong in the last find(), or find_again() that saw nothing, in words; empty if
    /// nothing did.
    [[nodiscard]] const std::string& problem() const { return problem_; }
    /// The ExaBGP in words, such as "exabgp (pid 12), whose helper (pid 15) reads the command
    /// pipe".
    [[nodiscard]] const std::string& evidence() const { return evidence_; }

  private:
    struct Seen {
        IdentityMethod method;
        ProcessStart daemon;
        std::optional<ProcessStart> helper;
    };
    struct View;

    // Those that look at /proc throw ProcUnreadable, as process_table.hpp says.
    [[nodiscard]] ExabgpInstance look(const struct stat& file);
    [[nodiscard]] bool is_unchanged();
    [[nodiscard]] std::optional<ExabgpInstance> known_so_far(const ProcUnreadable& error);
    [[nodiscard]] std::optional<Seen> inspect(const struct stat& file);
    [[nodiscard]] std::optional<Seen> from_readers(const View& view);
    [[nodiscard]] std::optional<Seen> from_pidfile(const View& view);
    [[nodiscard]] static std::optional<Seen> from_lone_exabgp(const View& view);
    [[nodiscard]] std::string describe(const std::optional<Seen>& seen) const;

    std::string pidfile_;
    std::string problem_;
    std::string evidence_;
    ExabgpInstance last_;        // its UUID is empty if none is known
    std::optional<Seen> seen_;   // the processes of last_
    WallTime answered_{};        // when last_ answered last
    bool remembered_ = false;    // last_ is from an earlier run
    bool disturbed_ = false;     // since answered_
    bool helper_ended_ = false;  // since answered_
    bool unseen_ = false;        // the last find() could not read /proc
};

}  // namespace exapulse
