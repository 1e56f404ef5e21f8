// SPDX-License-Identifier: Apache-2.0
// Loaded before libc: writes to a database file fail while the file named by HW_DISK_FAULT exists.
// Its content says how: "eio" fails writes and syncs, "sync" the syncs alone, "full" is a full
// disk.
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/types.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

enum class Call : unsigned char { Write, Sync };

bool is_database(int fd) {
    const auto link = "/proc/self/fd/" + std::to_string(fd);
    std::array<char, 4096> path{};
    const auto size = ::readlink(link.c_str(), path.data(), path.size());
    if (size <= 0) return false;
    return std::string_view(path.data(), static_cast<std::size_t>(size)).find("test.db") !=
           std::string_view::npos;
}

// The errno that the call fails with; 0 when it goes through.
int fault_of(int fd, Call call) {
    const char* trigger = std::getenv("HW_DISK_FAULT");
    if (trigger == nullptr) return 0;
    const int file = ::open(trigger, O_RDONLY | O_CLOEXEC);
    if (file < 0) return 0;
    std::array<char, 16> text{};
    const auto size = ::read(file, text.data(), text.size());
    ::close(file);
    if (size <= 0 || !is_database(fd)) return 0;
    const std::string_view how(text.data(), static_cast<std::size_t>(size));
    if (how == "full") return call == Call::Write ? ENOSPC : 0;
    if (how == "sync") return call == Call::Sync ? EIO : 0;
    return EIO;
}

template <class Function>
Function next(const char* name) {
    return reinterpret_cast<Function>(::dlsym(RTLD_NEXT, name));
}

template <class Function, class... Args>
auto unless_fault(const char* name, Call call, int fd, Args... args)
    -> decltype(std::declval<Function>()(fd, args...)) {
    if (const int error = fault_of(fd, call); error != 0) {
        errno = error;
        return -1;
    }
    return next<Function>(name)(fd, args...);
}

using WriteAt = ssize_t (*)(int, const void*, size_t, off_t);
using Sync = int (*)(int);

}  // namespace

extern "C" {

ssize_t pwrite(int fd, const void* bytes, size_t size, off_t at) {
    return unless_fault<WriteAt>("pwrite", Call::Write, fd, bytes, size, at);
}

ssize_t pwrite64(int fd, const void* bytes, size_t size, off_t at) {
    return unless_fault<WriteAt>("pwrite64", Call::Write, fd, bytes, size, at);
}

int fdatasync(int fd) {
    return unless_fault<Sync>("fdatasync", Call::Sync, fd);
}

int fsync(int fd) {
    return unless_fault<Sync>("fsync", Call::Sync, fd);
}

}  // extern "C"
