// SPDX-License-Identifier: Apache-2.0
// ctest's fixture: one PostgreSQL for all test programs of a run.
//   postgres_fixture start FILE   starts it in the background and writes its URL to FILE
//   postgres_fixture stop FILE    stops it
// It also stops by itself when the process that asked for it, which is ctest, ends.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "tests/child_process.hpp"
#include "tests/postgres_cluster.hpp"
#include "tests/wait_for.hpp"

namespace {

// Writes beside and renames, so that no reader sees half of it.
void publish(const std::string& file, const std::string& url) {
    std::ofstream(file + ".new") << url << '\n' << ::getpid() << '\n';
    std::filesystem::rename(file + ".new", file);
}

// Waits for SIGTERM or for the end of `owner`.
void serve_until_told(pid_t owner) {
    sigset_t term;
    ::sigemptyset(&term);
    ::sigaddset(&term, SIGTERM);
    const timespec second{1, 0};
    while (::sigtimedwait(&term, nullptr, &second) != SIGTERM && hw::is_alive(owner)) continue;
}

void run_in_background(const std::string& file, pid_t owner) {
    ::setsid();
    const int log = ::open((file + ".log").c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
    const int null = ::open("/dev/null", O_RDONLY);
    ::dup2(null, 0);
    ::dup2(log, 1);  // ctest waits until its pipe is closed
    ::dup2(log, 2);
    sigset_t term;
    ::sigemptyset(&term);
    ::sigaddset(&term, SIGTERM);
    ::sigprocmask(SIG_BLOCK, &term, nullptr);

    {
        const hw::PostgresCluster cluster;
        publish(file, cluster.url());
        serve_until_told(owner);
    }
    std::filesystem::remove(file);  // stop() waits for this
}

int start(const std::string& file) {
    std::filesystem::remove(file);
    if (const char* given = std::getenv("HW_TEST_POSTGRES"); given != nullptr && *given != '\0') {
        return 0;
    }
    const pid_t owner = ::getppid();
    const pid_t background = ::fork();
    if (background == 0) {
        run_in_background(file, owner);
        return 0;
    }
    const auto ended = [&] { return ::waitpid(background, nullptr, WNOHANG) == background; };
    const auto settled = [&] { return std::filesystem::exists(file) || ended(); };
    hw::wait_for(settled, std::chrono::minutes(3));
    if (std::filesystem::exists(file)) return 0;
    fmt::print(stderr, "PostgreSQL did not start; see {}.log\n", file);
    return 1;
}

int stop(const std::string& file) {
    std::ifstream in(file);
    std::string url;
    pid_t background = 0;
    if (!(std::getline(in, url) && in >> background)) return 0;
    ::kill(background, SIGTERM);
    return hw::wait_for([&] { return !std::filesystem::exists(file); }) ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
    const std::string verb = argc == 3 ? argv[1] : "";
    if (verb == "start") return start(argv[2]);
    if (verb == "stop") return stop(argv[2]);
    fmt::print(stderr, "usage: postgres_fixture start|stop FILE\n");
    return 2;
}
