// SPDX-License-Identifier: Apache-2.0
// What the disk takes for the least durable thing there is: append 4 KB, then fdatasync.
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <array>
#include <cstdio>
#include <exception>

#include "bench/raw_sale.hpp"

namespace hw::bench {
namespace {

int run(const std::string& path, std::int64_t seconds) {
    const int file =
        ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);
    if (file < 0) {
        fmt::print(stderr, "cannot open {}\n", path);
        return 1;
    }
    std::array<char, 4096> page{};
    page.fill('x');
    std::vector<std::int64_t> took_us;
    const auto started = steady_us();
    while (steady_us() - started < seconds * 1'000'000) {
        const auto begun = steady_us();
        const auto written = ::write(file, page.data(), page.size());
        if (written != static_cast<ssize_t>(page.size()) || ::fdatasync(file) != 0) {
            fmt::print(stderr, "cannot write {}\n", path);
            return 1;
        }
        took_us.push_back(steady_us() - begun);
    }
    ::close(file);
    print_measured(took_us, steady_us() - started);
    return 0;
}

}  // namespace
}  // namespace hw::bench

int main(int argc, char** argv) try {
    CLI::App app("Appends 4 KB and waits for the disk, again and again.");
    std::string path;
    std::int64_t seconds = 10;
    app.add_option("--file", path, "Is made, and truncated first")->required();
    app.add_option("--seconds", seconds)->capture_default_str();
    CLI11_PARSE(app, argc, argv);
    return hw::bench::run(path, seconds);
} catch (const std::exception& failed) {
    std::fputs(failed.what(), stderr);
    return 1;
}
