// SPDX-License-Identifier: BSD-3-Clause
// JsonSchema: checks JSON against the schemas that are shipped. Pure, but for reading the file.
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace exapulse::test {

/// The part of JSON Schema (draft 7) that the shipped schemas use; any other keyword is an error,
/// so that none stands there unchecked. Debian's only validator for C++ brings Qt and much more.
class JsonSchema {
  public:
    /// Throws when the file is no schema of ours.
    explicit JsonSchema(const std::string& file);

    /// What of `value` does not fit, a line each. A field that the schema does not name does not
    /// fit either: the shipped schemas let it pass, for those who read an exapulsed newer than
    /// themselves, but ours must name all.
    [[nodiscard]] std::vector<std::string> problems(const nlohmann::json& value) const;

  private:
    void check(const nlohmann::json& schema, const nlohmann::json& value, const std::string& where,
               std::vector<std::string>& problems) const;
    void check_object(const nlohmann::json& schema, const nlohmann::json& value,
                      const std::string& where, std::vector<std::string>& problems) const;

    nlohmann::json root_;
};

}  // namespace exapulse::test
