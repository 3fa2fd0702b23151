// SPDX-License-Identifier: BSD-3-Clause
// JSON as tables and blocks.
#include "client/shell/answer_view.hpp"

#include <algorithm>
#include <cctype>
#include <optional>
#include <string_view>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "client/display_width.hpp"
#include "client/table.hpp"

namespace exapulse::client {

namespace {

using Json = nlohmann::ordered_json;  // fields stay in ExaBGP's order

constexpr std::string_view nothing = "-";

bool is_flat(const Json& value) {
    return std::none_of(value.begin(), value.end(),
                        [](const Json& part) { return part.is_structured(); });
}

std::string scalar_text(const Json& value) {
    if (value.is_null()) return std::string(nothing);
    if (value.is_string()) return value.get<std::string>();
    return value.dump();
}

// In one cell: [1, 2] as "1, 2", {"a": 1} as "a=1", what is nested deeper as JSON.
std::string cell_text(const Json& value) {
    if (!value.is_structured()) return scalar_text(value);
    if (value.empty()) return std::string(nothing);
    if (!is_flat(value)) return value.dump();
    std::string text;
    for (const auto& [key, part] : value.items()) {
        if (!text.empty()) text += ", ";
        if (value.is_object()) text += key + "=";
        text += scalar_text(part);
    }
    return text;
}

bool is_array_of_objects(const Json& value) {
    return value.is_array() && !value.empty() &&
           std::all_of(value.begin(), value.end(), [](const Json& row) { return row.is_object(); });
}

class View {
  public:
    explicit View(const AnswerScreen& screen) : screen_(screen) {}

    void add(const Json& value) {
        if (is_array_of_objects(value))
            rows({value.begin(), value.end()});
        else if (value.is_array())
            list(value);
        else if (value.is_object())
            object(value);
        else
            block(printable(scalar_text(value)));
    }

    void rows(const std::vector<Json>& objects) {
        if (!table(objects))
            for (const Json& one : objects) fields(one);
    }

    [[nodiscard]] std::string take() { return std::move(text_); }

  private:
    // Blocks are a blank line apart.
    void block(std::string_view text) {
        if (!text_.empty()) text_ += "\n\n";
        text_ += text;
    }

    void list(const Json& values) {
        if (values.empty()) return block(screen_.style.paint(Colour::Dim, "(none)"));
        std::string text;
        for (const Json& value : values) {
            if (!text.empty()) text += '\n';
            text += printable(cell_text(value));
        }
        block(text);
    }

    // Arrays of objects inside come behind the fields, as tables of their own.
    void object(const Json& value) {
        Json plain = Json::object();
        for (const auto& [key, part] : value.items())
            if (!is_array_of_objects(part)) plain[key] = part;
        if (!plain.empty() || value.empty()) fields(plain);
        for (const auto& [key, part] : value.items()) {
            if (!is_array_of_objects(part)) continue;
            if (value.size() > 1) block(printable(key) + ":");
            rows({part.begin(), part.end()});
        }
    }

    void fields(const Json& value) {
        if (value.empty()) return block(screen_.style.paint(Colour::Dim, "(empty)"));
        std::size_t width = 0;
        for (const auto& [key, part] : value.items())
            width = std::max(width, display_width(printable(key)));
        std::string text;
        for (const auto& [key, part] : value.items()) {
            const std::string label = printable(key);
            const std::string blanks(width - display_width(label) + 2, ' ');
            if (!text.empty()) text += '\n';
            text += screen_.style.paint(Colour::Dim, label) + blanks + printable(cell_text(part));
        }
        block(text);
    }

    // False when the screen is too narrow for it.
    bool table(const std::vector<Json>& objects) {
        std::vector<std::string> headers;
        for (const Json& row : objects)
            for (const auto& [key, part] : row.items())
                if (std::find(headers.begin(), headers.end(), key) == headers.end())
                    headers.push_back(key);
        Table table(headers);
        for (const Json& row : objects) {
            std::vector<std::string> cells;
            for (const std::string& key : headers) {
                const auto part = row.find(key);
                cells.push_back(part == row.end() ? "" : cell_text(*part));
            }
            table.add(std::move(cells));
        }
        const std::string plain = table.text({});
        if (width_of(plain) > screen_.columns) return false;
        block(table.text(screen_.style));
        return true;
    }

    static std::size_t width_of(std::string_view text) {
        std::size_t width = 0;
        while (!text.empty()) {
            const auto end = std::min(text.find('\n'), text.size());
            width = std::max(width, display_width(text.substr(0, end)));
            text.remove_prefix(std::min(end + 1, text.size()));
        }
        return width;
    }

    const AnswerScreen& screen_;
    std::string text_;
};

// nullopt when a line is not JSON, or a bare word that merely looks like it.
std::optional<std::vector<Json>> parsed(const std::vector<std::string>& lines) {
    std::vector<Json> values;
    for (const std::string& line : lines) {
        Json value = Json::parse(line, nullptr, false);
        if (!value.is_structured()) return std::nullopt;
        values.push_back(std::move(value));
    }
    return values;
}

}  // namespace

std::string answer_view(const std::vector<std::string>& lines, const AnswerScreen& screen) {
    const auto values = parsed(lines);
    if (!values || values->empty()) return raw_view(lines);
    View view(screen);
    const bool objects = std::all_of(values->begin(), values->end(),
                                     [](const Json& value) { return value.is_object(); });
    if (objects && values->size() > 1)
        view.rows(*values);
    else
        for (const Json& value : *values) view.add(value);
    return view.take();
}

std::string raw_view(const std::vector<std::string>& lines) {
    std::string text;
    for (const std::string& line : lines) {
        if (&line != &lines.front()) text += '\n';
        text += printable(line);
    }
    return text;
}

}  // namespace exapulse::client
