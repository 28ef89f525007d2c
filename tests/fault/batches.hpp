// Faults in processes of their own, a batch in each, so that a crash is one more complaint: it is
// reported with the fault that was being tried, and the rest is tried nonetheless.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace cdr::fault {

// What is tried, and how it went.
struct Count {
  std::int64_t injected = 0, survived = 0;
};

// One fault that is tried: complains of what should not be. Gives false where the fault did not
// come to pass, because there are fewer calls than that.
using Complain = std::function<void(const std::string&)>;
using Try = std::function<bool(std::int64_t at, const Complain& complain)>;

// Which calls fail, of `count` that there are.
struct Choice {
  std::int64_t every;    // as many from the first on: each of them
  std::int64_t sampled;  // as many of those after them, by chance
};
std::vector<std::int64_t> choose(const Choice& choice, std::int64_t count, std::uint32_t seed);

// Tries each, `batch` of them to a process. Complaints are printed.
Count try_all(std::string_view name, const std::vector<std::int64_t>& at, std::size_t batch,
              const Try& attempt);
// What `work` gives, in a process of its own. Ends this one where that fails.
std::string in_own_process(const std::function<std::string()>& work);

// Programs with sanitizers take several times as long: they try fewer.
#if defined(__SANITIZE_ADDRESS__)
inline constexpr bool is_sanitized = true;
#else
inline constexpr bool is_sanitized = false;
#endif

// CDR_TEST_SEED, or always the same.
std::uint32_t seed();

// What a program of these is asked to do: LIBRARY SAMPLES [sample | full] [ONLY [AT]].
struct CommandLine {
  std::string library, samples;  // files
  bool is_full = false;
  std::string only;     // the name of a case; "" = all
  std::int64_t at = 0;  // the fault's number; 0 = all
};
// Runs a program, from its command line to its last line and its exit status; `choice` is what
// ONLY and AT are called there.
int run_program(int argc, char** argv, std::string_view name, std::string_view choice,
                Count (*run)(const CommandLine&));

}  // namespace cdr::fault
