#include "batches.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <random>
#include <set>

#include "faulty_vfs.hpp"
#include "host.hpp"

// Defined only in a program built with AddressSanitizer.
extern "C" __attribute__((weak)) int __lsan_do_recoverable_leak_check();

namespace cdr::fault {
namespace {

constexpr unsigned longest_seconds = 120;  // for one fault; a process that hangs is killed then
constexpr int most_printed = 12;           // complaints of one kind of fault

void write_all(int to, const std::string& text) {
  for (std::size_t at = 0; at < text.size();) {
    const ssize_t count = ::write(to, text.data() + at, text.size() - at);
    if (count <= 0) ::_exit(98);
    at += static_cast<std::size_t>(count);
  }
}

std::string read_all(int from) {
  std::string all;
  std::array<char, 4096> part{};
  for (ssize_t count = 0; (count = ::read(from, part.data(), part.size())) > 0;)
    all.append(part.data(), static_cast<std::size_t>(count));
  return all;
}

struct Ended {
  std::string said;
  int status;
};
Ended in_process(const std::function<void(int to)>& work) {
  std::array<int, 2> ends{};
  if (::pipe(ends.data()) != 0) give_up("no pipe");
  std::fflush(nullptr);
  const pid_t child = ::fork();
  if (child < 0) give_up("no process");
  if (child == 0) {
    ::close(ends[0]);
    work(ends[1]);
    ::_exit(0);
  }
  ::close(ends[1]);
  Ended ended{read_all(ends[0]), 0};
  ::close(ends[0]);
  ::waitpid(child, &ended.status, 0);
  return ended;
}

std::string how_it_ended(int status) {
  if (WIFSIGNALED(status))
    return WTERMSIG(status) == SIGALRM ? "it hangs"
                                       : std::string("it crashed: ") + strsignal(WTERMSIG(status));
  return "it ended with " + std::to_string(WEXITSTATUS(status));
}

// The output of a child: one line per event, which begins with one of these and the call's number.
constexpr char begun = 'B', done = 'D', missed = 'M', complained = 'C';

std::string one_line(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

}  // namespace

std::uint32_t seed() {
  constexpr std::uint32_t usual = 20240502;
  const char* const given = std::getenv("CDR_TEST_SEED");
  return given == nullptr ? usual : static_cast<std::uint32_t>(std::strtoul(given, nullptr, 10));
}

std::vector<std::int64_t> choose(const Choice& choice, std::int64_t count, std::uint32_t with) {
  std::set<std::int64_t> chosen;
  for (std::int64_t i = 1; i <= std::min(choice.every, count); ++i) chosen.insert(i);
  std::mt19937 chance(with);
  const std::int64_t rest = count - choice.every;
  if (rest > 0) {
    std::uniform_int_distribution<std::int64_t> any(choice.every + 1, count);
    const std::int64_t wanted = std::min(choice.sampled, rest);
    while (static_cast<std::int64_t>(chosen.size()) < choice.every + wanted)
      chosen.insert(any(chance));
  }
  // In random order: the first fault of a process hits code that runs for the first time.
  std::vector<std::int64_t> order(chosen.begin(), chosen.end());
  std::shuffle(order.begin(), order.end(), chance);
  return order;
}

Count try_all(std::string_view name, const std::vector<std::int64_t>& at, std::size_t batch,
              const Try& attempt) {
  Count count;
  int printed = 0;
  const auto print = [&](std::int64_t number, const std::string& what) {
    if (++printed <= most_printed)
      std::printf("%.*s, call %lld: %s\n", static_cast<int>(name.size()), name.data(),
                  static_cast<long long>(number), what.c_str());
  };
  for (std::size_t next = 0; next < at.size();) {
    const std::size_t end = std::min(next + batch, at.size());
    const Ended ended = in_process([&](int to) {
      for (std::size_t i = next; i < end; ++i) {
        const std::string number = std::to_string(at[i]);
        ::alarm(longest_seconds);
        write_all(to, begun + number + '\n');
        const bool came_to_pass = attempt(at[i], [&](const std::string& what) {
          write_all(to, complained + number + ' ' + one_line(what) + '\n');
        });
        write_all(to, (came_to_pass ? done : missed) + number + '\n');
      }
      if (__lsan_do_recoverable_leak_check != nullptr && __lsan_do_recoverable_leak_check() != 0)
        write_all(to, complained + std::to_string(at[next]) + " or one of the " +
                          std::to_string(end - next - 1) + " after it: memory leaks\n");
    });
    std::int64_t now = 0;
    bool is_sound = true;
    std::size_t tried = 0;
    for (std::size_t from = 0; from < ended.said.size();) {
      const std::size_t line_end = std::min(ended.said.find('\n', from), ended.said.size());
      const std::string line = ended.said.substr(from, line_end - from);
      from = line_end + 1;
      switch (line[0]) {
        case begun:
          now = std::atoll(line.c_str() + 1);
          is_sound = true;
          break;
        case complained:
          print(now, line.substr(std::min(line.find(' ') + 1, line.size())));
          if (is_sound && tried == end - next) --count.survived;  // found after the last fault
          is_sound = false;
          break;
        default:
          ++tried;
          if (line[0] != done) break;
          ++count.injected;
          if (is_sound) ++count.survived;
      }
    }
    if (ended.status != 0) {
      ++count.injected;
      print(now, how_it_ended(ended.status));
      ++tried;
    }
    next = std::min(next + std::max<std::size_t>(tried, 1), end);
  }
  if (printed > most_printed)
    std::printf("%.*s: and %d complaints more\n", static_cast<int>(name.size()), name.data(),
                printed - most_printed);
  std::fflush(stdout);
  return count;
}

std::string in_own_process(const std::function<std::string()>& work) {
  Ended ended = in_process([&](int to) { write_all(to, work()); });
  if (ended.status != 0) give_up("undisturbed, " + how_it_ended(ended.status));
  return std::move(ended.said);
}

int run_program(int argc, char** argv, std::string_view name, std::string_view choice,
                Count (*run)(const CommandLine&)) {
  const std::string program(name);
  if (argc < 3) {
    std::fprintf(stderr, "%s LIBRARY SAMPLES [sample | full] [%s]\n", program.c_str(),
                 std::string(choice).c_str());
    return 2;
  }
  const std::vector<std::string> given(argv + 1, argv + argc);
  CommandLine asked{given[0], given[1], given.size() > 2 && given[2] == "full", {}, 0};
  if (given.size() > 3) asked.only = given[3];
  if (given.size() > 4) asked.at = std::atoll(given[4].c_str());
  register_vfs();
  Host::set_library(asked.library);
  std::printf("seed %u (CDR_TEST_SEED gives another)\n", seed());
  const Count count = run(asked);
  std::printf("%s: %lld faults injected, %lld survived\n", program.c_str(),
              static_cast<long long>(count.injected), static_cast<long long>(count.survived));
  return count.injected > 0 && count.injected == count.survived ? 0 : 1;
}

}  // namespace cdr::fault
