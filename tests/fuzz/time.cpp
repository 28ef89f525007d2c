// Times, zones and durations: a value that is read, written and read again stays the same. The
// first byte sets the kind of value.
#include <array>
#include <cmath>

#include "core/error.hpp"
#include "core/time.hpp"
#include "door.hpp"

namespace {

using namespace cdr;

void check_instant(Instant instant) {
  const std::string text = format_time(instant);
  test::require(text.size() == 23, "no canonical time", text);
  const auto again = parse_time(text, Zone());
  test::require(again && format_time(again->instant) == text, "a time is not read back", text);
  const auto ms = ms_of_canonical(text);
  test::require(ms && from_epoch_ms(*ms) && from_epoch_ms(*ms)->us == again->instant.us,
                "milliseconds of another time", text);
  // Cut towards the past, not rounded.
  test::require(again->instant.us <= instant.us && instant.us - again->instant.us < 1000,
                "cut to another millisecond", text);
}

void read_time(std::string_view text, const Zone& zone) {
  const auto time = parse_time(text, zone);
  if (!time) return;
  check_instant(time->instant);
  // Local times of the first and last day may be outside the range of years.
  constexpr std::int64_t day = 86'400'000'000;
  const auto beyond = [&](std::int64_t us) { return !from_epoch_ms(us / 1000); };
  if (beyond(time->instant.us - day) || beyond(time->instant.us + day)) return;
  const std::string local = format_local(time->instant, zone);
  const auto back = parse_time(local, zone);
  test::require(back.has_value(), "a local time is not read back", local);
  if (!back->ambiguous)
    test::require(format_time(back->instant) == format_time(time->instant),
                  "a local time is another", local);
}

void read_duration(std::string_view text) {
  const auto seconds = parse_duration(text);
  if (!seconds) return;
  test::require(std::isfinite(*seconds), "an endless duration", text);
  const std::string written = format_duration(*seconds);
  if (written.empty()) return;
  const auto again = parse_duration(written);
  test::require(again && *again == *seconds, "a duration is not read back", written);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::array zones{Zone(),
                                Zone::named("Europe/Prague"),
                                Zone::named("Asia/Shanghai"),
                                Zone::named("America/Montevideo"),
                                Zone::named("+05:45"),
                                Zone::named("America/St_Johns"),
                                Zone::named("Australia/Lord_Howe")};
  test::Input input(data, size);
  const unsigned what = input.byte();
  switch (what % 4) {
    case 0:
      read_time(input.rest(), zones[what / 4 % zones.size()]);
      break;
    case 1:
      read_duration(input.rest());
      break;
    case 2:
      try {
        const Zone zone = Zone::named(input.rest());
        test::require(std::abs(zone.offset_at({})) <= 15 * 3600, "an offset of days", zone.name());
      } catch (const Error& error) {
        test::require_utf8(error.what(), "a message");
      }
      break;
    default: {
      const auto number = static_cast<std::int64_t>(input.number(8));
      double real;
      static_assert(sizeof real == sizeof number);
      std::memcpy(&real, &number, sizeof real);
      for (const auto& instant : {from_epoch(number), from_epoch_ms(number), from_epoch_real(real)})
        if (instant) {
          check_instant(*instant);
          if (const auto later = plus_seconds(*instant, real)) check_instant(*later);
        }
      const std::string written = format_duration(real);
      if (!written.empty()) {  // to the millisecond
        const auto again = parse_duration(written);
        test::require(again && format_duration(*again) == written, "a duration is not read back",
                      written);
      }
    }
  }
  return 0;
}
