#include "cli/pager.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>

#include "cli/failure.hpp"
#include "cli/terminal.hpp"

namespace cdr::cli {
namespace {

// The exit codes of a shell for a program that is missing or does not run.
constexpr int not_found = 127, not_runnable = 126;

std::string command_of_pager() {
  const char* named = std::getenv("PAGER");  // NOLINT(concurrency-mt-unsafe): no thread changes it
  if (named == nullptr) return find_program("less") ? "less" : "";
  return std::string(named) == "cat" ? "" : named;
}

// Starts a shell with the command, which reads `from`; returns its process, or 0 if it cannot be
// started.
pid_t start(const std::string& command, int from) {
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, from, STDIN_FILENO);
  std::string shell = "sh", option = "-c", text = command;
  const std::array<char*, 4> arguments{shell.data(), option.data(), text.data(), nullptr};
  pid_t process = 0;
  const int error =
      ::posix_spawn(&process, "/bin/sh", &actions, nullptr, arguments.data(), ::environ);
  ::posix_spawn_file_actions_destroy(&actions);
  return error == 0 ? process : 0;
}

}  // namespace

Pager::Pager(bool wanted) : to_(stdout) {
  if (!wanted || !is_capable_terminal(STDOUT_FILENO)) return;
  command_ = command_of_pager();
  if (command_.empty()) return;
  // As git does: end if the text fits the screen, keep colours, and leave the text there.
  ::setenv("LESS", "FRX", 0);
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return;
  std::fflush(stdout);
  process_ = start(command_, ends[0]);
  ::close(ends[0]);
  std::FILE* const pipe = process_ > 0 ? ::fdopen(ends[1], "w") : nullptr;
  if (pipe == nullptr) {
    ::close(ends[1]);
    wait();
    return;
  }
  to_ = pipe;
  // A reader who leaves the pager early has seen enough. Instead of a signal, the result of writing
  // shows that.
  std::signal(SIGPIPE, SIG_IGN);
}

Pager::~Pager() {
  if (to_ != stdout) std::fclose(to_);
  wait();
}

void Pager::finish() {
  if (to_ != stdout) std::fclose(to_);
  to_ = stdout;
  const int status = wait();
  if (status == not_found || status == not_runnable)
    throw Failure("the pager '" + command_ +
                  "' does not run; set PAGER to another, or give --no-pager");
}

// While the program waits, Ctrl-C belongs to the pager.
int Pager::wait() noexcept {
  if (process_ <= 0) return 0;
  const auto before = std::signal(SIGINT, SIG_IGN);
  int status = 0;
  while (::waitpid(process_, &status, 0) < 0 && errno == EINTR) {
  }
  process_ = 0;
  std::signal(SIGINT, before);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 0;
}

}  // namespace cdr::cli
