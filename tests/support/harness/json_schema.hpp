// SPDX-License-Identifier: BSD-3-Clause
// JsonSchema: checks JSON against the installed schemas. Pure, except for reading the file.
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace exapulse::test {

/// The part of JSON Schema (draft 7) that the installed schemas use; any other keyword is an error,
/// so that none is left unchecked. Debian's only validator for C++ depends on Qt and much more.
class JsonSchema {
  public:
    /// Throws if the file is not such a schema.
    explicit JsonSchema(const std::string& file);

    /// What in `value` does not match, one line each. Unlike for other readers, whose exapulsed may
    /// be newer, a field that is not in the schema does not match either.
    [[nodiscard]] std::vector<std::string> problems(const nlohmann::json& value) const;

  private:
    void check(const nlohmann::json& schema, const nlohmann::json& value, const std::string& where,
               std::vector<std::string>& problems) const;
    void check_object(const nlohmann::json& schema, const nlohmann::json& value,
                      const std::string& where, std::vector<std::string>& problems) const;

    nlohmann::json root_;
};

}  // namespace exapulse::test
