// SPDX-License-Identifier: Apache-2.0
#include "store/backup_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>

#include "base/fault.hpp"

namespace hw {
namespace {

namespace json = boost::json;

constexpr std::string_view kMagic = "headwater-backup ";
constexpr int kFormatVersion = 1;
constexpr std::size_t kBufferBytes = 1 << 20;
constexpr std::string_view kSumLabel = "sha256 ";
constexpr std::size_t kSumLineBytes = kSumLabel.size() + 64 + 1;

std::string_view type_text(ColumnType type) {
    switch (type) {
        case ColumnType::Int64:
            return "int64";
        case ColumnType::Text:
            return "text";
        case ColumnType::Bytes:
            return "bytes";
        case ColumnType::Other:
            break;
    }
    return "other";
}

ColumnType type_from(std::string_view text) {
    for (const auto type : {ColumnType::Int64, ColumnType::Text, ColumnType::Bytes}) {
        if (text == type_text(type)) return type;
    }
    return ColumnType::Other;
}

std::string header_json(const BackupHeader& header) {
    json::array tables;
    for (const auto& table : header.tables) {
        json::array columns;
        for (const auto& column : table.columns) {
            HW_ASSERT(column.type != ColumnType::Other);
            columns.push_back(
                json::object{{"name", column.name}, {"type", type_text(column.type)}});
        }
        tables.push_back(json::object{{"name", table.name}, {"columns", std::move(columns)}});
    }
    return json::serialize(
        json::object{{"schema_version", header.schema_version}, {"tables", std::move(tables)}});
}

BackupHeader header_from(std::string_view text) {
    const auto read = json::parse(text).as_object();
    BackupHeader header;
    header.schema_version = static_cast<int>(read.at("schema_version").as_int64());
    for (const auto& item : read.at("tables").as_array()) {
        Table table{.name = std::string(item.at("name").as_string()), .columns = {}};
        for (const auto& column : item.at("columns").as_array()) {
            table.columns.push_back({.name = std::string(column.at("name").as_string()),
                                     .type = type_from(column.at("type").as_string()),
                                     .not_null = false,
                                     .key_position = 0});
        }
        header.tables.push_back(std::move(table));
    }
    return header;
}

std::string error_text(int error) {
    return std::generic_category().message(error);
}

std::unexpected<Error> damaged(const std::string& path, std::string_view how) {
    return fail(ErrorCode::UnprocessableEntity,
                fmt::format("{} is no whole backup: {}. Nothing was restored", path, how),
                "backup_damaged");
}

}  // namespace

// ---- writing ----

BackupWriter::BackupWriter(std::string path, const BackupHeader& header)
    : path_(std::move(path)), part_path_(path_ + ".part") {
    // Only its owner may read it: it holds what customers did.
    fd_ = ::open(part_path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd_ < 0) fail_with("create", errno);
    buffer_ = fmt::format("{}{}\n{}\n", kMagic, kFormatVersion, header_json(header));
}

BackupWriter::~BackupWriter() {
    if (fd_ < 0) return;
    ::close(fd_);
    ::unlink(part_path_.c_str());
}

void BackupWriter::begin_table(std::size_t index) {
    put('T');
    put_number(index);
}

void BackupWriter::add_row(const Row& row, const Table& table) {
    put('R');
    int position = 0;
    for (const auto& column : table.columns) {
        const int at = position++;
        if (row.is_null(at)) {
            put('n');
        } else if (column.type == ColumnType::Int64) {
            const auto value = row.int64(at);
            const auto bits = static_cast<std::uint64_t>(value);
            put('i');
            put_number((bits << 1) ^ (value < 0 ? ~std::uint64_t{0} : 0));
        } else if (column.type == ColumnType::Text) {
            put_bytes('t', row.view(at));
        } else {
            put_bytes('b', row.bytes(at));
        }
    }
    ++rows_;
    if (buffer_.size() >= kBufferBytes) flush();
}

void BackupWriter::finish() {
    put('E');
    put_number(static_cast<std::uint64_t>(rows_));
    flush();
    write_out(fmt::format("{}{}\n", kSumLabel, sum_.hex()));
    if (::fsync(fd_) != 0) fail_with("sync", errno);
    if (::close(std::exchange(fd_, -1)) != 0) fail_with("close", errno);
    if (std::rename(part_path_.c_str(), path_.c_str()) != 0) fail_with("rename", errno);
    // The new name must be on disk as well.
    const auto folder = std::filesystem::absolute(path_).parent_path();
    const int folder_fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder_fd < 0) fail_with("open the folder of", errno);
    const bool synced = ::fsync(folder_fd) == 0;
    const int error = errno;
    ::close(folder_fd);
    if (!synced) fail_with("sync the folder of", error);
}

void BackupWriter::put_number(std::uint64_t value) {
    while (value >= 0x80) {
        put(static_cast<char>((value & 0x7F) | 0x80));
        value >>= 7;
    }
    put(static_cast<char>(value));
}

void BackupWriter::put_bytes(char tag, std::string_view bytes) {
    put(tag);
    put_number(bytes.size());
    buffer_ += bytes;
}

void BackupWriter::flush() {
    sum_.add(buffer_);
    write_out(buffer_);
    buffer_.clear();
}

void BackupWriter::write_out(std::string_view bytes) {
    while (!bytes.empty()) {
        const auto written = ::write(fd_, bytes.data(), bytes.size());
        if (written < 0 && errno != EINTR) fail_with("write", errno);
        if (written > 0) bytes.remove_prefix(static_cast<std::size_t>(written));
    }
}

void BackupWriter::fail_with(const char* what, int error) {
    throw Fault(error == ENOSPC || error == EDQUOT ? FaultKind::Full : FaultKind::Lost,
                fmt::format("cannot {} {}: {}", what, path_, error_text(error)));
}

// ---- reading ----

Param BackupValue::param() const {
    switch (type) {
        case ColumnType::Int64:
            return number;
        case ColumnType::Text:
            return text;
        case ColumnType::Bytes:
            return Param::Bytes{text};
        case ColumnType::Other:
            break;
    }
    return std::nullopt;
}

Result<std::unique_ptr<BackupReader>> BackupReader::open(const std::string& path) {
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return fail(ErrorCode::NotFound, fmt::format("cannot read {}: {}", path, error_text(errno)),
                    "backup_not_found");
    }
    std::unique_ptr<BackupReader> reader(new BackupReader(path, fd));
    HW_CHECK(reader->check_sum());
    HW_CHECK(reader->read_header());
    return reader;
}

BackupReader::~BackupReader() {
    ::close(fd_);
}

Result<void> BackupReader::check_sum() {
    std::array<char, kMagic.size()> start{};
    const bool ours = ::pread(fd_, start.data(), start.size(), 0) == std::ssize(start) &&
                      std::string_view(start.data(), start.size()) == kMagic;
    if (!ours) return damaged(path_, "it does not begin as a backup of headwater does");

    // The last line tells the sum of all bytes before it.
    Sha256 sum;
    while (refill()) {
        if (at_ + kSumLineBytes >= buffer_.size()) continue;
        const auto sure = buffer_.size() - kSumLineBytes;
        sum.add(std::string_view(buffer_).substr(0, sure));
        buffer_.erase(0, sure);
    }
    const bool complete = buffer_.starts_with(kSumLabel) && buffer_.ends_with('\n');
    if (!complete) return damaged(path_, "its end is missing");
    if (buffer_.substr(kSumLabel.size(), 64) != sum.hex()) {
        return damaged(path_, "its SHA-256 is not the one in its last line");
    }
    buffer_.clear();
    ::lseek(fd_, 0, SEEK_SET);
    return {};
}

Result<void> BackupReader::read_header() {
    const auto magic = take_line();
    if (magic != fmt::format("{}{}", kMagic, kFormatVersion)) {
        return fail(ErrorCode::UnprocessableEntity,
                    fmt::format("{} has format \"{}\", this headwater reads version {}: use a "
                                "newer headwater",
                                path_, magic, kFormatVersion),
                    "backup_format");
    }
    header_ = header_from(take_line());
    return {};
}

std::optional<BackupRow> BackupReader::next() {
    for (;;) {
        const char tag = take();
        if (tag == 'E') {
            HW_ASSERT(take_number() == static_cast<std::uint64_t>(rows_));
            return std::nullopt;
        }
        if (tag == 'R') break;
        HW_ASSERT(tag == 'T');
        table_ = take_number();
        HW_ASSERT(table_ < header_.tables.size());
    }
    BackupRow row{.table = table_, .values = {}};
    row.values.reserve(header_.tables[table_].columns.size());
    for (std::size_t i = 0; i < header_.tables[table_].columns.size(); ++i) {
        row.values.push_back(take_value());
    }
    ++rows_;
    return row;
}

BackupValue BackupReader::take_value() {
    BackupValue value;
    const char tag = take();
    if (tag == 'n') return value;
    const auto number = take_number();
    if (tag == 'i') {
        value.type = ColumnType::Int64;
        value.number = static_cast<std::int64_t>((number >> 1) ^ (~(number & 1) + 1));
        return value;
    }
    HW_ASSERT(tag == 't' || tag == 'b');
    value.type = tag == 't' ? ColumnType::Text : ColumnType::Bytes;
    value.text = take_bytes(number);
    return value;
}

// Appends what is next in the file to the part of the buffer that was not taken.
bool BackupReader::refill() {
    buffer_.erase(0, at_);
    at_ = 0;
    const auto kept = buffer_.size();
    buffer_.resize(kept + kBufferBytes);
    ssize_t got = -1;
    do got = ::read(fd_, buffer_.data() + kept, kBufferBytes);
    while (got < 0 && errno == EINTR);
    if (got < 0) {
        throw Fault(FaultKind::Lost, fmt::format("cannot read {}: {}", path_, error_text(errno)));
    }
    buffer_.resize(kept + static_cast<std::size_t>(got));
    return got > 0;
}

char BackupReader::take() {
    if (at_ == buffer_.size()) HW_ASSERT(refill());
    return buffer_[at_++];
}

std::uint64_t BackupReader::take_number() {
    std::uint64_t value = 0;
    for (int shift = 0;; shift += 7) {
        HW_ASSERT(shift < 64);
        const auto byte = static_cast<std::uint8_t>(take());
        value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
        if ((byte & 0x80) == 0) return value;
    }
}

std::string BackupReader::take_bytes(std::size_t length) {
    while (buffer_.size() - at_ < length) HW_ASSERT(refill());
    auto bytes = buffer_.substr(at_, length);
    at_ += length;
    return bytes;
}

std::string BackupReader::take_line() {
    std::string line;
    for (char c = take(); c != '\n'; c = take()) line += c;
    return line;
}

}  // namespace hw
