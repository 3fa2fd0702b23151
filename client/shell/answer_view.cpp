// SPDX-License-Identifier: BSD-3-Clause
// JSON as tables and indented fields.
#include "client/shell/answer_view.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>

#include "client/view/display_width.hpp"
#include "client/view/table.hpp"
#include "common/printable.hpp"

namespace exapulse::client {

namespace {

using Json = nlohmann::ordered_json;  // fields stay in ExaBGP's order
using Lines = std::vector<std::string>;

constexpr std::string_view nothing = "-";
constexpr std::size_t indent = 2;
constexpr std::size_t gap = 2;  // between the name of a field and its value

Lines split(std::string_view text) {
    Lines lines;
    for (;;) {
        const auto end = text.find('\n');
        std::string line = printable(text.substr(0, end));
        line.erase(line.find_last_not_of(' ') + 1);
        lines.push_back(std::move(line));
        if (end == std::string_view::npos) return lines;
        text.remove_prefix(end + 1);
    }
}

std::string scalar_text(const Json& value) {
    if (value.is_null()) return std::string(nothing);
    if (value.is_string()) return value.get<std::string>();
    return value.dump();
}

bool fits_a_cell(const Json& value) {
    if (value.is_string())
        return value.get_ref<const std::string&>().find('\n') == std::string::npos;
    return !value.is_structured() || std::none_of(value.begin(), value.end(), [](const Json& part) {
        return part.is_structured() || !fits_a_cell(part);
    });
}

// On one line: [1, 2] as "1, 2", {"a": 1} as "a=1".
std::string cell_text(const Json& value) {
    if (!value.is_structured()) return scalar_text(value);
    std::string text;
    for (const auto& [key, part] : value.items()) {
        if (!text.empty()) text += ", ";
        if (value.is_object()) text += key + "=";
        text += scalar_text(part);
    }
    return text.empty() ? std::string(nothing) : text;
}

bool is_array_of_objects(const Json& value) {
    return value.is_array() && !value.empty() &&
           std::all_of(value.begin(), value.end(), [](const Json& row) { return row.is_object(); });
}

std::size_t width_of(const Lines& lines) {
    std::size_t width = 0;
    for (const std::string& line : lines) width = std::max(width, display_width(line));
    return width;
}

void append(Lines& lines, Lines more) {
    lines.insert(lines.end(), std::make_move_iterator(more.begin()),
                 std::make_move_iterator(more.end()));
}

class View {
  public:
    explicit View(const Style& style) : style_(style) {}

    [[nodiscard]] Lines of(const Json& value, std::size_t columns) const {
        if (is_array_of_objects(value)) return of_rows({value.begin(), value.end()}, columns);
        if (value.is_array()) return of_list(value, columns);
        if (value.is_object()) return of_fields(value, columns);
        return split(scalar_text(value));
    }

    [[nodiscard]] Lines of_rows(const std::vector<Json>& rows, std::size_t columns) const {
        if (auto table = of_table(rows, columns)) return *std::move(table);
        Lines lines;
        for (const Json& row : rows) {
            if (!lines.empty()) lines.emplace_back();
            append(lines, of_fields(row, columns));
        }
        return lines;
    }

  private:
    [[nodiscard]] Lines of_list(const Json& values, std::size_t columns) const {
        if (values.empty()) return {style_.paint(Colour::Dim, "(none)")};
        Lines lines;
        for (const Json& value : values) append(lines, of(value, columns));
        return lines;
    }

    [[nodiscard]] Lines of_fields(const Json& value, std::size_t columns) const {
        if (value.empty()) return {style_.paint(Colour::Dim, "(empty)")};
        std::size_t width = 0;
        for (const auto& [key, part] : value.items())
            if (fits_a_cell(part)) width = std::max(width, display_width(printable(key)));
        const std::size_t room = columns - std::min(columns, width + gap);

        Lines lines;
        for (const auto& [key, part] : value.items()) {
            const std::string name = printable(key);
            const std::string cell = fits_a_cell(part) ? printable(cell_text(part)) : "";
            const bool beside =
                fits_a_cell(part) && (!part.is_structured() || display_width(cell) <= room);
            lines.push_back(style_.paint(Colour::Dim, name));
            if (beside)
                lines.back() += std::string(width - display_width(name) + gap, ' ') + cell;
            else
                append(lines, indented(of(part, columns - std::min(columns, indent))));
        }
        return lines;
    }

    static Lines indented(Lines lines) {
        for (std::string& line : lines)
            if (!line.empty()) line.insert(0, indent, ' ');
        return lines;
    }

    // nullopt when the screen is too narrow for it, or a cell holds more than a line.
    [[nodiscard]] std::optional<Lines> of_table(const std::vector<Json>& rows,
                                                std::size_t columns) const {
        Lines headers;
        for (const Json& row : rows)
            for (const auto& [key, part] : row.items()) {
                if (!fits_a_cell(part)) return std::nullopt;
                if (std::find(headers.begin(), headers.end(), key) == headers.end())
                    headers.push_back(key);
            }
        Table table(headers);
        for (const Json& row : rows) {
            Lines cells;
            for (const std::string& key : headers) {
                const auto part = row.find(key);
                cells.push_back(part == row.end() ? "" : cell_text(*part));
            }
            table.add(std::move(cells));
        }
        if (width_of(split(table.text({}))) > columns) return std::nullopt;
        return split_painted(table.text(style_));
    }

    static Lines split_painted(std::string_view text) {
        Lines lines;
        for (;;) {
            const auto end = text.find('\n');
            lines.emplace_back(text.substr(0, end));
            if (end == std::string_view::npos) return lines;
            text.remove_prefix(end + 1);
        }
    }

    const Style& style_;
};

// 6.0's `rib show`: {"PEER": {"routes": [{...}]}}, a line for each route.
bool add_routes(const Json& value, std::vector<Json>& rows) {
    if (!value.is_object() || value.size() != 1) return false;
    const std::string& peer = value.begin().key();
    const Json& content = value.begin().value();
    if (!content.is_object() || content.size() != 1 || !content.contains("routes")) return false;
    if (!is_array_of_objects(content["routes"])) return false;
    for (const Json& route : content["routes"]) {
        Json row{{"peer", peer}};
        row.update(route);
        rows.push_back(std::move(row));
    }
    return true;
}

// nullopt when one of `lines` is not JSON, or a bare word that merely looks like it.
std::optional<std::vector<Json>> parsed(const Lines& lines) {
    std::vector<Json> values;
    for (const std::string& line : lines) {
        Json value = Json::parse(line, nullptr, false);
        if (!value.is_structured()) return std::nullopt;
        values.push_back(std::move(value));
    }
    return values;
}

Lines view_of(const std::vector<Json>& values, const AnswerScreen& screen) {
    const View view(screen.style);
    std::vector<Json> routes;
    if (std::all_of(values.begin(), values.end(),
                    [&](const Json& value) { return add_routes(value, routes); }))
        return view.of_rows(routes, screen.columns);
    const bool objects = std::all_of(values.begin(), values.end(),
                                     [](const Json& value) { return value.is_object(); });
    if (objects && values.size() > 1) return view.of_rows(values, screen.columns);
    Lines lines;
    for (const Json& value : values) append(lines, view.of(value, screen.columns));
    return lines;
}

std::string joined(const Lines& lines) {
    std::string text;
    for (const std::string& line : lines) {
        if (&line != &lines.front()) text += '\n';
        text += line;
    }
    return text;
}

}  // namespace

std::string answer_view(const std::vector<std::string>& lines, const AnswerScreen& screen) {
    const auto values = parsed(lines);
    if (!values || values->empty()) return raw_view(lines);
    return joined(view_of(*values, screen));
}

std::string raw_view(const std::vector<std::string>& lines) {
    Lines plain;
    for (const std::string& line : lines) plain.push_back(printable(line, "\t"));
    return joined(plain);
}

}  // namespace exapulse::client
