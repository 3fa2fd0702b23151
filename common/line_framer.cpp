// SPDX-License-Identifier: BSD-3-Clause
#include "common/line_framer.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace exapulse {

namespace {

std::string_view without_cr(std::string_view line) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
}

}  // namespace

std::size_t LineFramer::feed(std::string_view bytes, const Sink& sink) {
    assert(sink);
    assert(!skipping_ || kept_.empty());
    const std::size_t all = bytes.size();
    while (!bytes.empty()) {
        const auto end = bytes.find('\n');
        const bool whole = end != std::string_view::npos;
        const std::string_view piece = bytes.substr(0, end);
        bytes.remove_prefix(whole ? end + 1 : bytes.size());

        if (skipping_) {
            skipping_ = !whole;
            continue;
        }
        bool go_on = true;
        if (kept_.size() + piece.size() > limit_) {
            kept_.append(piece.substr(0, limit_ - std::min(limit_, kept_.size())));
            skipping_ = !whole;
            const std::string start = std::exchange(kept_, {});
            go_on = sink({start, true});
        } else if (!whole) {
            kept_.append(piece);
        } else if (kept_.empty()) {
            go_on = sink({without_cr(piece), false});
        } else {
            kept_.append(piece);
            const std::string line = std::exchange(kept_, {});
            go_on = sink({without_cr(line), false});
        }
        if (!go_on) break;
    }
    return all - bytes.size();
}

void LineFramer::reset() {
    kept_ = {};
    skipping_ = false;
}

}  // namespace exapulse
