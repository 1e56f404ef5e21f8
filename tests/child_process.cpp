// SPDX-License-Identifier: Apache-2.0
#include "tests/child_process.hpp"

#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <pwd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>
#include <mutex>
#include <stdexcept>
#include <system_error>
#include <thread>
#include <utility>

#include "tests/wait_for.hpp"

namespace hw {
namespace {

[[noreturn]] void fail_with_errno(const std::string& what) {
    throw std::system_error(errno, std::generic_category(), what);
}

class Fd {
  public:
    Fd() = default;
    explicit Fd(int fd) : fd_(fd) {}
    Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    Fd& operator=(Fd&& other) noexcept {
        std::swap(fd_, other.fd_);
        return *this;
    }
    ~Fd() { reset(); }
    int get() const { return fd_; }
    void reset() {
        if (fd_ >= 0) ::close(std::exchange(fd_, -1));
    }

  private:
    int fd_ = -1;
};

struct Pipe {
    Fd read;
    Fd write;
};

Pipe make_pipe() {
    std::array<int, 2> fds{};
    if (::pipe2(fds.data(), O_CLOEXEC) != 0) fail_with_errno("pipe2");
    return {Fd(fds[0]), Fd(fds[1])};
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> out;
    for (auto& text : texts) out.push_back(text.data());
    out.push_back(nullptr);
    return out;
}

// Everything that the new process needs, made before the fork: between fork and exec of a program
// with threads only async-signal-safe calls are allowed.
struct Start {
    std::vector<std::string> argv;
    std::vector<std::string> env;
    const char* directory = nullptr;
    bool change_user = false;
    uid_t uid = 0;
    gid_t gid = 0;
    int out = -1;
    int err = -1;
    int error_pipe = -1;
};

Start prepare(const ChildOptions& options) {
    Start start;
    start.argv = options.argv;
    start.env = options.env;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        const std::string inherited = *entry;
        const auto name = inherited.substr(0, inherited.find('=') + 1);
        const auto same = [&](const std::string& ours) { return ours.starts_with(name); };
        if (std::ranges::none_of(options.env, same)) start.env.push_back(inherited);
    }
    if (!options.directory.empty()) start.directory = options.directory.c_str();
    if (!options.user.empty()) {
        const passwd* user = ::getpwnam(options.user.c_str());
        if (user == nullptr) throw std::runtime_error("no such user: " + options.user);
        start.change_user = true;
        start.uid = user->pw_uid;
        start.gid = user->pw_gid;
    }
    return start;
}

// The raw system calls: glibc's own would try to move threads that the fork did not copy.
bool become_user(const Start& start) {
    return ::syscall(SYS_setgroups, 0, nullptr) == 0 && ::syscall(SYS_setgid, start.gid) == 0 &&
           ::syscall(SYS_setuid, start.uid) == 0;
}

bool set_up_child(const Start& start) {
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    ::signal(SIGPIPE, SIG_DFL);
    const int null = ::open("/dev/null", O_RDONLY);
    if (::dup2(null, 0) < 0 || ::dup2(start.out, 1) < 0) return false;
    if (start.err >= 0 && ::dup2(start.err, 2) < 0) return false;
    if (::syscall(SYS_close_range, 3U, ~0U, 4U /* CLOSE_RANGE_CLOEXEC */) != 0) return false;
    if (start.directory != nullptr && ::chdir(start.directory) != 0) return false;
    return !start.change_user || become_user(start);
}

pid_t spawn(const ChildOptions& options, int out, int err) {
    Start start = prepare(options);
    const auto argv = pointers(start.argv);
    const auto env = pointers(start.env);
    Pipe error = make_pipe();
    start.out = out;
    start.err = err;
    start.error_pipe = error.write.get();

    const pid_t pid = ::fork();
    if (pid < 0) fail_with_errno("fork");
    if (pid == 0) {
        if (set_up_child(start)) ::execvpe(argv[0], argv.data(), env.data());
        const int code = errno;
        std::ignore = ::write(start.error_pipe, &code, sizeof code);
        ::_exit(127);
    }
    error.write.reset();
    int code = 0;
    if (::read(error.read.get(), &code, sizeof code) == sizeof code) {
        ::waitpid(pid, nullptr, 0);
        throw std::system_error(code, std::generic_category(), "cannot start " + options.argv[0]);
    }
    return pid;
}

// A process that does nothing but wait for ours to end, however it ends, and then signals the
// child. PR_SET_PDEATHSIG would not do: it fires when the thread that forked ends, and a change of
// user clears it.
pid_t start_keeper(pid_t child, int signal, const Fd& lifeline) {
    const pid_t pid = ::fork();
    if (pid != 0) return pid;
    ::setsid();
    sigset_t all;
    ::sigfillset(&all);
    ::sigprocmask(SIG_SETMASK, &all, nullptr);
    ::dup2(lifeline.get(), 0);
    ::syscall(SYS_close_range, 1U, ~0U, 0U);
    char byte = 0;
    std::ignore = ::read(0, &byte, 1);
    ::kill(child, signal);
    ::_exit(0);
}

}  // namespace

bool is_alive(pid_t pid) {
    std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
    std::string text;
    if (!std::getline(stat, text)) return false;
    const auto name_end = text.rfind(')');  // "PID (name) STATE ...", and a name may hold anything
    return name_end != std::string::npos && text.substr(name_end, 3) != ") Z";
}

struct ChildProcess::State {
    pid_t pid = -1;
    pid_t keeper = -1;
    std::optional<int> exit_code;
    Fd lifeline;  // its closing tells the keeper that we are gone

    Pipe out;
    Pipe stop_reader;
    std::thread reader;
    mutable std::mutex mutex;
    std::string text;
    bool at_end = false;

    void read_output() {
        std::array<pollfd, 2> fds{{{out.read.get(), POLLIN, 0}, {stop_reader.read.get(), 0, 0}}};
        std::array<char, 4096> buffer{};
        for (;;) {
            if (::poll(fds.data(), fds.size(), -1) < 0) continue;
            const bool readable = fds[0].revents != 0;
            const auto size = readable ? ::read(fds[0].fd, buffer.data(), buffer.size()) : 0;
            const std::lock_guard lock(mutex);
            if (size <= 0) {
                at_end = true;
                return;
            }
            text.append(buffer.data(), static_cast<std::size_t>(size));
        }
    }
};

ChildProcess::ChildProcess(const ChildOptions& options) : state_(std::make_unique<State>()) {
    Fd log;
    if (options.log_file.empty()) {
        state_->out = make_pipe();
        state_->pid = spawn(options, state_->out.write.get(), -1);
        state_->out.write.reset();
    } else {
        log = Fd(::open(options.log_file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644));
        if (log.get() < 0) fail_with_errno("cannot write " + options.log_file);
        state_->pid = spawn(options, log.get(), log.get());
    }
    Pipe lifeline = make_pipe();
    state_->lifeline = std::move(lifeline.write);
    state_->keeper = start_keeper(state_->pid, options.death_signal, lifeline.read);
    state_->at_end = !options.log_file.empty();
    if (options.log_file.empty()) {
        state_->stop_reader = make_pipe();
        state_->reader = std::thread([state = state_.get()] { state->read_output(); });
    }
}

ChildProcess::~ChildProcess() {
    kill_hard();
    state_->stop_reader.write.reset();
    if (state_->reader.joinable()) state_->reader.join();
}

pid_t ChildProcess::pid() const {
    return state_->pid;
}

bool ChildProcess::running() {
    if (state_->exit_code.has_value()) return false;
    int status = 0;
    if (::waitpid(state_->pid, &status, WNOHANG) != state_->pid) return true;
    state_->exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    ::kill(state_->keeper, SIGKILL);
    ::waitpid(state_->keeper, nullptr, 0);
    return false;
}

void ChildProcess::send_signal(int signal) {
    if (running()) ::kill(state_->pid, signal);
}

std::optional<int> ChildProcess::wait(std::chrono::milliseconds timeout) {
    wait_for([this] { return !running(); }, timeout);
    return state_->exit_code;
}

void ChildProcess::kill_hard() {
    send_signal(SIGKILL);
    while (!wait().has_value()) continue;
}

std::string ChildProcess::output() const {
    const std::lock_guard lock(state_->mutex);
    return state_->text;
}

std::optional<std::string> ChildProcess::wait_for_line(std::string_view text,
                                                       std::chrono::milliseconds timeout) {
    std::optional<std::string> found;
    const auto look = [&] {
        const std::lock_guard lock(state_->mutex);
        const auto at = state_->text.find(text);
        const auto end = state_->text.find('\n', at);
        if (at == std::string::npos || end == std::string::npos) return state_->at_end;
        const auto before = state_->text.rfind('\n', at);
        const auto begin = before == std::string::npos ? 0 : before + 1;
        found = state_->text.substr(begin, end - begin);
        return true;
    };
    wait_for(look, timeout);
    return found;
}

}  // namespace hw
