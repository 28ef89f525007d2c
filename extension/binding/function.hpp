// A function, declared once: registration, arity, `cdr_functions` and the reference come from here.
#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "extension/binding/value.hpp"

namespace cdr::ext {

enum class Effect : unsigned char {
  pure,    // DETERMINISTIC and INNOCUOUS
  reads,   // reads files: DIRECTONLY
  writes,  // changes the database: DIRECTONLY
  sets,    // changes what the connection keeps in memory: DIRECTONLY
};

// What an aggregate function makes of the rows of a group, or of a window's frame that moves on.
class Aggregate {
 public:
  virtual ~Aggregate() = default;
  virtual void add(const Call& row) = 0;
  // The row was added, and leaves the frame.
  virtual void remove(const Call& row) = 0;
  // The result for the rows that are there; without any, too.
  virtual void give(Call& result) = 0;
  // The same, and nothing follows.
  virtual void finish(Call& result) { give(result); }
};

struct Function {
  const char* name;
  int min_arguments, max_arguments;
  const char* signature;  // 'cdr_time(x [, zone])'
  const char* doc;        // one line: what it gives, unit, and when NULL
  const char* example;    // an SQL expression that runs by itself
  const char* result;     // what the example gives, as the sqlite3 shell prints it ('' for NULL); a
                          // test compares
  Effect effect;
  void (*call)(Call& call);  // may throw; of an aggregate, nullptr
  std::unique_ptr<Aggregate> (*aggregate)() = nullptr;
};

// The function that is called.
const Function& function_of(const Call& call);

// One list for each file of extension/functions/.
std::span<const Function> time_functions();
std::span<const Function> dictionary_functions();
std::span<const Function> shape_functions();
std::span<const Function> privacy_functions();
std::span<const Function> state_functions();
std::span<const Function> figure_functions();
std::span<const Function> aggregate_functions();
std::span<const Function> file_functions();
std::span<const Function> option_functions();
std::span<const Function> warehouse_functions();

}  // namespace cdr::ext
