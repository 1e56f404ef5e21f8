// SPDX-License-Identifier: Apache-2.0
// A program that a test starts, watches, and kills: the server for crash tests, PostgreSQL.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <csignal>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hw {

// True while the process runs; a dead one that nobody has reaped does not.
bool is_alive(pid_t pid);

struct ChildOptions {
    std::vector<std::string> argv;   // argv[0] is looked up in PATH when it has no slash
    std::vector<std::string> env{};  // "NAME=value", over the environment of this process
    std::string directory{};         // where it runs; empty: here
    std::string user{};              // run as this user, which takes root; empty: as we are
    std::string log_file{};          // receives stdout and stderr; empty: stdout is captured
    int death_signal = SIGKILL;      // what it is sent should this process die without a word
};

// One started program. The destructor kills it, and so does the death of this process.
class ChildProcess {
  public:
    explicit ChildProcess(const ChildOptions& options);
    ~ChildProcess();
    ChildProcess(const ChildProcess&) = delete;
    ChildProcess& operator=(const ChildProcess&) = delete;

    pid_t pid() const;
    bool running();
    void send_signal(int signal);

    // The exit code, or 128 + the signal that ended it; nothing when it still runs at the timeout.
    std::optional<int> wait(std::chrono::milliseconds timeout = std::chrono::seconds(30));

    // kill -9, and it is gone when this returns.
    void kill_hard();

    // What it wrote to stdout so far.
    std::string output() const;

    // The first whole line of stdout that contains `text`; nothing at the timeout or at the end.
    std::optional<std::string> wait_for_line(
        std::string_view text, std::chrono::milliseconds timeout = std::chrono::seconds(30));

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace hw
