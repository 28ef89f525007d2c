// How each vendor records an Interaction. A writer appends complete JSON records; Output frames
// them.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "contact_center.hpp"
#include "json_text.hpp"

namespace generator {

// Records of one kind, kept between interactions so that their memory is reused.
class Records {
 public:
  JsonText& add() {
    if (size_ == texts_.size()) texts_.emplace_back();
    JsonText& text = texts_[size_++];
    text.out.clear();
    return text;
  }
  void clear() { size_ = 0; }
  std::span<const JsonText> all() const { return {texts_.data(), size_}; }

 private:
  std::vector<JsonText> texts_;
  std::size_t size_ = 0;
};

enum class Form { record, answer, list_item };
enum class Routing { inside, documents, none };

struct Telling {
  std::uint64_t seed = 1;
  std::span<const Agent> agents;
  Form form = Form::record;
  Routing routing = Routing::inside;
  bool agent_states = false;
  bool central_european = false;  // uContact's local time; otherwise UTC
  ClockText clock;
};

// Central European Time: summer time from the last Sunday of March to that of October, 01:00 UTC.
Time central_european_offset(Time at);

struct Told {
  Records records;
  Records routing;       // mluvii, if in separate documents
  Records agent_states;  // mluvii
  void clear() {
    records.clear();
    routing.clear();
    agent_states.clear();
  }
};

enum class Format { ndjson, array, envelope, pages };

// The text around and between the records of a file.
struct Framing {
  std::string (*open)(std::uint64_t page, std::uint64_t total);
  std::string_view between;
  std::string_view close;
  std::uint32_t page_size = 0;  // records per file; 0: all in one
  bool tells_total = false;     // `open` needs the number of all records
};
struct Shape {
  Format format;
  Form form;
  Framing framing;
};

struct Writer {
  std::string_view vendor;
  void (*tell)(const Interaction& call, Telling& telling, Told& told);
  std::string_view end_key;  // the key of the record's end, whose value a stale copy lacks
  std::span<const Shape> shapes;
};
std::span<const Writer> writers();

// '48000000123': a national number does not begin with 0, so these numbers are unassigned.
inline std::string fictional_number(std::string_view prefix, std::uint64_t customer,
                                    std::size_t digits) {
  return std::string(prefix) + padded(customer % 100'000'000, digits);
}

void tell_conpeek(const Interaction& call, Telling& telling, Told& told);
void tell_alibaba(const Interaction& call, Telling& telling, Told& told);
void tell_mluvii(const Interaction& call, Telling& telling, Told& told);
void tell_ucontact(const Interaction& call, Telling& telling, Told& told);

// The true events in no vendor's form: the model's words and columns, instants and durations in
// milliseconds, agents and groups by number. Events that did not happen are left out.
void tell_truth(const Interaction& call, std::span<const Agent> agents, JsonText& to);

}  // namespace generator
