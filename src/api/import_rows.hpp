// SPDX-License-Identifier: Apache-2.0
// The rows of an import, whatever they are written in: CSV with the column names of other link
// shorteners, a JSON array of the bodies of POST /links, or one such body a line.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/api.hpp"
#include "api/json.hpp"
#include "core/import_links.hpp"

namespace hw {

enum class ImportFormat : std::uint8_t { Csv, Json, JsonLines };

// Of a Content-Type, or of the name of a file.
std::optional<ImportFormat> import_format_of_type(std::string_view content_type);
std::optional<ImportFormat> import_format_of_name(std::string_view file_name);

struct ImportSource {
    std::string_view text{};  // stays where it is while it is read
    ImportFormat format = ImportFormat::Csv;
    std::optional<std::string> domain{};  // of every row, whatever the rows say
    std::int64_t rows_max = static_cast<std::int64_t>(limits::kImportRowsMax);
};

class ImportRows {
  public:
    // Looks through all of the text, so that a damaged file is refused before anything of it is
    // stored. `options` live as long as the rows.
    static Result<ImportRows> open(ImportSource source, const ApiOptions& options);

    // The next ones, at most `max`; none at the end.
    std::vector<ImportRow> next(std::size_t max);

    bool at_end() const { return read_ == count_; }
    std::int64_t count() const { return count_; }
    // What of the file is not imported, for its owner.
    const std::vector<std::string>& remarks() const { return remarks_; }

    // One row after the other as the body of POST /links, with createdAt and folder beside it.
    class Bodies {
      public:
        virtual ~Bodies() = default;
        virtual Result<json::object> next() = 0;
    };

  private:
    ImportRows(std::optional<std::string> domain, const ApiOptions& options)
        : domain_(std::move(domain)), options_(&options) {}

    Result<void> open_csv(std::string_view text);
    Result<void> open_json(std::string_view text);
    void open_lines(std::string_view text);

    std::unique_ptr<Bodies> bodies_;
    std::optional<std::string> domain_;
    const ApiOptions* options_;
    std::vector<std::string> remarks_;
    std::int64_t count_ = 0;
    std::int64_t read_ = 0;
};

// What became of them, as the API answers it.
json::object import_json(const ImportOutcome& outcome, const std::vector<std::string>& remarks);

}  // namespace hw
