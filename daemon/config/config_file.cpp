// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/config/config_file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <fmt/format.h>
#include <toml++/toml.h>

#include "common/nearest.hpp"

namespace exapulse {

namespace {

std::string place(const std::string& file, const toml::source_region& region) {
    return fmt::format("{}:{}:{}", file, region.begin.line, region.begin.column);
}

/// Extracts the text of a scalar; each function returns what is wrong with it, or an empty string.
struct Scalar {
    const toml::node& node;

    std::string wrong(std::string_view want) const {
        std::ostringstream type;
        type << node.type();
        return fmt::format("must be {}, it is a TOML {}", want, type.str());
    }
    std::string text(std::string& out, std::string_view want) const {
        if (!node.is_string()) return wrong(want);
        out = **node.as_string();
        return {};
    }
    std::string number(std::string& out, std::string_view want) const {
        if (!node.is_integer()) return wrong(want);
        out = fmt::to_string(**node.as_integer());
        return {};
    }
};

/// Converts a node of the file to the text that set_config_key() parses.
struct ToText {
    Scalar scalar;
    std::string& out;

    std::string operator()(const DurationField&) const {
        return scalar.text(out, "a duration in quotes such as \"10s\"");
    }
    std::string operator()(const CountField&) const { return scalar.number(out, "a whole number"); }
    std::string operator()(const SizeField&) const {
        if (scalar.node.is_integer()) return scalar.number(out, "");
        return scalar.text(out, "a number of bytes or a size in quotes such as \"8MiB\"");
    }
    std::string operator()(const TextField&) const { return scalar.text(out, "text in quotes"); }
    std::string operator()(const SwitchField&) const {
        if (!scalar.node.is_boolean()) return scalar.wrong("true or false");
        out = **scalar.node.as_boolean() ? "true" : "false";
        return {};
    }
    std::string operator()(const ListField&) const {
        return scalar.text(out, "a list of strings in quotes");
    }
    std::string operator()(const RulesField&) const { return scalar.wrong("a list of tables"); }
};

class Reader {
  public:
    Reader(const std::string& file, Config& config) : file_(file), config_(config) {}

    void read(const toml::table& root) {
        for (const auto& [key, node] : root) read_table(key, node);
    }

  private:
    void read_table(const toml::key& key, const toml::node& node) {
        std::vector<std::string_view> tables;
        for (const ConfigKey& known : config_keys()) tables.push_back(known.table);
        if (std::find(tables.begin(), tables.end(), key.str()) == tables.end())
            unknown(key, "table", key.str(), tables);
        if (!node.is_table())
            throw ConfigError(fmt::format("{}: {} must be a table, write [{}]",
                                          place(file_, key.source()), key.str(), key.str()));
        for (const auto& [name, value] : *node.as_table()) read_key(key.str(), name, value);
    }

    void read_key(std::string_view table, const toml::key& name, const toml::node& value) {
        std::vector<std::string_view> names;
        for (const ConfigKey& known : config_keys()) {
            if (known.table != table) continue;
            names.push_back(known.name);
            if (known.name == name.str()) {
                set(known, value);
                return;
            }
        }
        unknown(name, "key", fmt::format("{}.{}", table, name.str()), names);
    }

    void set(const ConfigKey& key, const toml::node& value) {
        const ConfigField field = key.field(config_);
        if (const auto* rules = std::get_if<RulesField>(&field)) {
            read_rules(key, *rules->value, value);
        } else if (const auto* list = std::get_if<ListField>(&field)) {
            if (!value.is_array())
                throw ConfigError(
                    fmt::format("{}: {} must be a list of strings, such as [\"alice\"]",
                                place(file_, value.source()), key.full_name()));
            list->value->clear();
            for (const toml::node& item : *value.as_array()) set_scalar(key, field, item);
        } else {
            set_scalar(key, field, value);
        }
    }

    void set_scalar(const ConfigKey& key, const ConfigField& field, const toml::node& value) {
        std::string text;
        const std::string where = place(file_, value.source());
        const std::string problem = std::visit(ToText{{value}, text}, field);
        if (!problem.empty())
            throw ConfigError(fmt::format("{}: {} {}", where, key.full_name(), problem));
        set_config_key(config_, key.full_name(), text, where);
    }

    void read_rules(const ConfigKey& key, std::vector<AccessRuleConfig>& rules,
                    const toml::node& value) {
        const bool tables = value.is_array() &&
                            (value.as_array()->empty() || value.as_array()->is_array_of_tables());
        if (!tables)
            throw ConfigError(fmt::format("{}: {} must be a list of tables, write [[{}]]",
                                          place(file_, value.source()), key.full_name(),
                                          key.full_name()));
        rules.clear();
        for (const toml::node& item : *value.as_array()) {
            AccessRuleConfig rule;
            rule.place = place(file_, item.source());
            for (const auto& [name, node] : *item.as_table()) read_rule_key(rule, name, node);
            if (rule.who.empty())
                throw ConfigError(fmt::format("{}: {} has no `who`, so it names nobody", rule.place,
                                              key.full_name()));
            if (rule.name.empty()) rule.name = fmt::to_string(rules.size() + 1);
            rules.push_back(std::move(rule));
        }
    }

    void read_rule_key(AccessRuleConfig& rule, const toml::key& name, const toml::node& value) {
        std::vector<std::string_view> names;
        for (const RuleKey& key : rule_keys()) {
            names.push_back(key.name);
            if (key.name != name.str()) continue;
            if (key.text != nullptr) {
                rule.*key.text = rule_text(key, value);
                return;
            }
            // An empty list would allow nothing, or everything: whoever reads it can't know.
            if (!value.is_array() || value.as_array()->empty())
                throw ConfigError(fmt::format(
                    "{}: access.rule: {} must be a list of strings with one at least; leave it out "
                    "for no limit",
                    place(file_, value.source()), key.name));
            for (const toml::node& item : *value.as_array())
                (rule.*key.list).push_back(rule_text(key, item));
            return;
        }
        unknown(name, "key", fmt::format("access.rule.{}", name.str()), names);
    }

    [[nodiscard]] std::string rule_text(const RuleKey& key, const toml::node& value) const {
        std::string text;
        std::string problem = Scalar{value}.text(text, "a string in quotes");
        if (problem.empty()) problem = key.problem(text);
        if (!problem.empty())
            throw ConfigError(fmt::format("{}: access.rule: {} {}", place(file_, value.source()),
                                          key.name, problem));
        return text;
    }

    [[noreturn]] void unknown(const toml::key& key, std::string_view what, std::string_view name,
                              const std::vector<std::string_view>& known) const {
        const std::string_view near = nearest(key.str(), known);
        throw ConfigError(fmt::format("{}: unknown {} {}{}", place(file_, key.source()), what, name,
                                      near.empty() ? "; exapulsed --print-config shows all keys"
                                                   : fmt::format(", did you mean {}?", near)));
    }

    const std::string& file_;
    Config& config_;
};

}  // namespace

void parse_config(std::string_view text, const std::string& name, Config& config) {
    try {
        Reader(name, config).read(toml::parse(text, name));
    } catch (const toml::parse_error& error) {
        throw ConfigError(fmt::format("{}: {}", place(name, error.source()), error.description()));
    }
}

void load_config(const std::string& path, bool optional, Config& config) {
    std::error_code error;
    if (std::filesystem::is_directory(path, error))
        throw ConfigError(fmt::format("{}: is a directory, not a file", path));
    std::ifstream file(path);
    if (!file) {
        if (optional && errno == ENOENT) return;
        throw ConfigError(fmt::format("{}: {}", path, std::strerror(errno)));
    }
    std::ostringstream text;
    text << file.rdbuf();
    parse_config(text.str(), path, config);
}

}  // namespace exapulse
