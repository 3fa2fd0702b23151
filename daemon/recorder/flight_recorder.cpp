// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/recorder/flight_recorder.hpp"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <utility>

namespace exapulse {

void FlightRecorder::set_limits(const Limits& limits) {
    assert(limits.lines == 0 || limits.line_length > 0);
    if (limits.lines == heads_.size() && limits.line_length == line_length_) return;
    const std::uint64_t kept = std::min<std::uint64_t>(count_, limits.lines);
    std::vector<Head> heads(limits.lines);
    // Not initialised: memory that is never written is never taken from the system.
    std::unique_ptr<char[]> text(new char[limits.lines * limits.line_length]);
    for (std::uint64_t i = 0; i < kept; ++i) {
        const std::size_t from = place_of(end_ - kept + i);
        heads[i] = heads_[from];
        heads[i].kept = std::min(heads[i].kept, limits.line_length);
        std::memcpy(text.get() + i * limits.line_length, text_.get() + from * line_length_,
                    heads[i].kept);
    }
    heads_ = std::move(heads);
    text_ = std::move(text);
    line_length_ = limits.line_length;
    count_ = kept;
    next_ = limits.lines == 0 ? 0 : static_cast<std::size_t>(kept % limits.lines);
}

void FlightRecorder::note(RecordKind kind, TimePoint at, std::string_view text, Owner owner) {
    if (heads_.empty()) return;
    const std::size_t place = next_;
    if (++next_ == heads_.size()) next_ = 0;
    const std::size_t kept = std::min(text.size(), line_length_);
    heads_[place] = {at, owner, text.size(), kept, kind};
    if (kept > 0) std::memcpy(text_.get() + place * line_length_, text.data(), kept);
    ++end_;
    count_ = std::min<std::uint64_t>(count_ + 1, heads_.size());
    if (kind == RecordKind::State) return;
    ++lines_;
    if (kind == RecordKind::Received) received_ = end_;
}

void FlightRecorder::attribute(Owner owner) {
    if (received_ <= begin()) return;  // it is kept no longer
    heads_[place_of(received_ - 1)].owner = owner;
}

std::size_t FlightRecorder::place_of(std::uint64_t number) const {
    assert(number >= begin() && number < end());
    return (next_ + heads_.size() - static_cast<std::size_t>(end_ - number)) % heads_.size();
}

FlightRecorder::Record FlightRecorder::at(std::uint64_t number) const {
    const std::size_t place = place_of(number);
    const Head& head = heads_[place];
    const std::string_view text(text_.get() + place * line_length_, head.kept);
    return {number, head.at, head.kind, head.owner, text, head.length};
}

}  // namespace exapulse
