// SPDX-License-Identifier: Apache-2.0
#include "tests/postgres_cluster.hpp"

#include <fmt/format.h>
#include <libpq-fe.h>
#include <netinet/in.h>
#include <pwd.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <charconv>
#include <csignal>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <random>
#include <stdexcept>
#include <vector>

#include "tests/child_process.hpp"
#include "tests/temp_dir.hpp"
#include "tests/wait_for.hpp"

namespace hw {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kFolderPrefix = "hw-pg-";
constexpr int kStartAttemptsMax = 5;
constexpr int kStaleSeconds = 60;

std::string text_of(const fs::path& file) {
    std::ifstream in(file);
    return {std::istreambuf_iterator<char>(in), {}};
}

fs::path programs() {
    for (const int version : {15, 16, 17, 18}) {
        const auto folder = fs::path("/usr/lib/postgresql") / std::to_string(version) / "bin";
        if (fs::exists(folder / "postgres")) return folder;
    }
    throw std::runtime_error("PostgreSQL 15 or later is not in /usr/lib/postgresql");
}

// PostgreSQL refuses to run as root. Its package made this user.
std::string server_user() {
    return ::geteuid() == 0 ? "postgres" : "";
}

int free_port() {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* plain = reinterpret_cast<sockaddr*>(&address);
    const bool bound = ::bind(fd, plain, size) == 0 && ::getsockname(fd, plain, &size) == 0;
    ::close(fd);
    if (!bound) throw std::runtime_error("no free port on 127.0.0.1");
    return ntohs(address.sin_port);
}

// Clusters whose owner died hold no lock any more. Their server was told to stop by its keeper.
void remove_stale_folders(const fs::path& parent) {
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(parent, ignored)) {
        struct stat about{};
        const auto lock_file = (entry.path() / "lock").string();
        if (!entry.path().filename().string().starts_with(kFolderPrefix)) continue;
        if (::stat(lock_file.c_str(), &about) != 0) continue;
        if (::time(nullptr) - about.st_mtime < kStaleSeconds) continue;
        const int fd = ::open(lock_file.c_str(), O_RDWR | O_CLOEXEC);
        if (fd < 0) continue;
        if (::flock(fd, LOCK_EX | LOCK_NB) == 0) fs::remove_all(entry.path(), ignored);
        ::close(fd);
    }
}

// Every process of a cluster works in its data directory; that finds them all, also those whose
// parent is dead.
std::vector<pid_t> processes_in(const fs::path& folder) {
    std::vector<pid_t> found;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator("/proc", ignored)) {
        const auto name = entry.path().filename().string();
        pid_t pid = 0;
        const auto [end, bad] = std::from_chars(name.data(), name.data() + name.size(), pid);
        if (bad != std::errc{} || *end != '\0') continue;
        if (fs::read_symlink(entry.path() / "cwd", ignored) == folder) found.push_back(pid);
    }
    return found;
}

std::string random_name() {
    static std::atomic<int> counter = 0;
    std::random_device device;
    return fmt::format("hw_{}_{}_{:08x}", ::getpid(), ++counter, device());
}

std::string with_database(std::string_view url, std::string_view database) {
    const auto query = url.find('?');
    const auto path = url.substr(0, query);
    const auto slash = path.rfind('/');
    const auto options = query == std::string_view::npos ? "" : url.substr(query);
    return fmt::format("{}/{}{}", path.substr(0, slash), database, options);
}

// What went wrong; empty when nothing did.
std::string execute(const std::string& url, const std::string& statement) {
    const std::unique_ptr<PGconn, decltype(&PQfinish)> connection(PQconnectdb(url.c_str()),
                                                                  PQfinish);
    const std::unique_ptr<PGresult, decltype(&PQclear)> result(
        PQexec(connection.get(), statement.c_str()), PQclear);
    if (PQresultStatus(result.get()) == PGRES_COMMAND_OK) return {};
    return statement + ": " + PQerrorMessage(connection.get());
}

std::string create_database(const std::string& url) {
    const auto name = random_name();
    const auto error = execute(url, "create database " + name);
    if (!error.empty()) throw std::runtime_error(error);
    return with_database(url, name);
}

bool answers(const std::string& url) {
    return PQping((url + "?connect_timeout=2").c_str()) == PQPING_OK;
}

}  // namespace

struct PostgresCluster::State {
    TempDir folder{kFolderPrefix};
    fs::path data = fs::canonical(folder.path()) / "data";
    fs::path sockets = folder.path() / "socket";
    fs::path log = folder.path() / "log";
    int port = 0;
    int lock = -1;
    std::unique_ptr<ChildProcess> server;

    State() {
        ::chmod(folder.path().c_str(), 0711);
        lock = ::open((folder / "lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
        ::flock(lock, LOCK_EX | LOCK_NB);
        const auto user = server_user();
        for (const auto& path : {data, sockets}) {
            fs::create_directory(path);
            ::chmod(path.c_str(), 0700);
            if (user.empty()) continue;
            const passwd* account = ::getpwnam(user.c_str());
            if (account == nullptr) throw std::runtime_error("no user " + user);
            if (::chown(path.c_str(), account->pw_uid, account->pw_gid) != 0) {
                throw std::runtime_error("cannot give " + path.string() + " to " + user);
            }
        }
    }
    ~State() {
        server.reset();
        kill_all();
        ::close(lock);
    }

    // False when some process of it cannot be killed.
    bool kill_all() const {
        return wait_for([&] {
            const auto left = processes_in(data);
            for (const pid_t pid : left) ::kill(pid, SIGKILL);
            return left.empty();
        });
    }

    ChildOptions options(std::vector<std::string> argv) const {
        ChildOptions out{.argv = std::move(argv)};
        out.directory = data;
        out.user = server_user();
        out.log_file = log;
        out.death_signal = SIGQUIT;  // so that its own children go, too
        return out;
    }

    void init() const {
        ChildProcess initdb(options({programs() / "initdb", "-D", data, "-A", "trust", "-U",
                                     "postgres", "--encoding=UTF8", "--locale=C.UTF-8",
                                     "--locale-provider=icu", "--icu-locale=en-US", "--no-sync"}));
        if (initdb.wait(std::chrono::minutes(2)) != 0) {
            throw std::runtime_error("initdb failed: " + text_of(log));
        }
        std::ofstream(data / "postgresql.auto.conf", std::ios::app)
            << "listen_addresses = '127.0.0.1'\n"
            << "unix_socket_directories = '" << sockets.string() << "'\n"
            << "max_connections = 200\nshared_buffers = 32MB\nfsync = on\n"
            << "max_prepared_transactions = 0\nlog_min_messages = warning\n"
            << "max_wal_size = 256MB\ntimezone = 'UTC'\n";
    }

    // False when it ended at once, which is what a port taken by another looks like.
    bool try_start() {
        server = std::make_unique<ChildProcess>(
            options({programs() / "postgres", "-D", data, "-p", std::to_string(port)}));
        const auto url = fmt::format("postgres://postgres@127.0.0.1:{}/postgres", port);
        const bool settled =
            wait_for([&] { return !server->running() || answers(url); }, std::chrono::minutes(2));
        return settled && server->running();
    }
};

PostgresCluster::PostgresCluster() {
    remove_stale_folders(fs::temp_directory_path());
    state_ = std::make_unique<State>();
    state_->init();
    for (int attempt = 0; attempt < kStartAttemptsMax; ++attempt) {
        state_->port = free_port();
        if (state_->try_start()) return;
    }
    throw std::runtime_error("PostgreSQL does not start: " + text_of(state_->log));
}

PostgresCluster::~PostgresCluster() {
    state_->server->send_signal(SIGQUIT);
    state_->server->wait();
}

void PostgresCluster::start() {
    if (running()) return;
    if (!state_->try_start()) {
        throw std::runtime_error("PostgreSQL does not start again: " + text_of(state_->log));
    }
}

void PostgresCluster::stop() {
    state_->server->send_signal(SIGINT);  // "fast": does not wait for clients
    if (!state_->server->wait(std::chrono::minutes(1)).has_value()) {
        throw std::runtime_error("PostgreSQL does not stop: " + text_of(state_->log));
    }
}

void PostgresCluster::kill_hard() {
    state_->server->kill_hard();
    if (!state_->kill_all()) throw std::runtime_error("processes of PostgreSQL outlive kill -9");
}

bool PostgresCluster::running() const {
    return state_->server->running();
}

std::string PostgresCluster::url(std::string_view database) const {
    return fmt::format("postgres://postgres@127.0.0.1:{}/{}", state_->port, database);
}

std::string PostgresCluster::fresh_database() const {
    return create_database(url());
}

std::string shared_postgres_url() {
    static const std::string found = [] {
        const char* given = std::getenv("HW_TEST_POSTGRES");
        if (given != nullptr && *given != '\0') return std::string(given);
        std::ifstream file(HW_BINARY_DIR "/pg.url");
        std::string url;
        if (std::getline(file, url) && answers(url)) return url;
        static PostgresCluster own;
        return own.url();
    }();
    return found;
}

std::string fresh_postgres_database() {
    return create_database(shared_postgres_url());
}

FreshPostgresDatabase::~FreshPostgresDatabase() {
    const auto path = url_.substr(0, url_.find('?'));
    const auto name = path.substr(path.rfind('/') + 1);
    // It goes with the server when this fails, so that is no reason to fail a test.
    std::ignore =
        execute(shared_postgres_url(), "drop database if exists " + name + " with (force)");
}

}  // namespace hw
