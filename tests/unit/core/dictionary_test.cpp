#include "core/dictionary.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>

using namespace cdr;

TEST_CASE("dictionary: Q.850") {
  CHECK(q850_name(16) == "NORMAL_CLEARING");
  CHECK(q850_name(17) == "USER_BUSY");
  CHECK(q850_name(19) == "NO_ANSWER");
  CHECK(q850_name(21) == "CALL_REJECTED");
  CHECK(q850_name(127) == "INTERWORKING");
  CHECK(q850_code("NORMAL_CLEARING") == 16);
  CHECK(q850_code("user busy") == 17);
  CHECK(q850_code(" No-Answer ") == 19);
  CHECK(q850_code("NOANSWER") == 19);
  CHECK(q850_code("ANSWERED_ELSEWHERE") == 26);
  CHECK(q850_code("Normal call clearing") == 16);
  // PRE_EMPTED is FreeSWITCH's name for 45; Q.850's own preemption is 8.
  CHECK(q850_code("PRE_EMPTED") == 45);
  CHECK(q850_code("PREEMPTION") == 8);
  for (const char* name : {"", " ", "16", "NORMAL_CLEARIN", "NORMAL_CLEARING_", "ORIGINATOR_CANCEL",
                           "LOSE_RACE", "UNREGISTERED"}) {
    CAPTURE(name);
    CHECK_FALSE(q850_code(name));
  }
}

TEST_CASE(
    "dictionary: every Q.850 code that is named comes back from its name, and no other is named") {
  // The codes that Q.850 assigns, and 45, 52 and 54, which switches name.
  const std::set<int> named{1,  2,  3,  4,  5,  6,  7,  8,   9,   14,  16,  17,  18,  19, 20,
                            21, 22, 23, 24, 25, 26, 27, 28,  29,  30,  31,  34,  38,  39, 40,
                            41, 42, 43, 44, 45, 46, 47, 49,  50,  52,  53,  54,  55,  57, 58,
                            62, 63, 65, 66, 69, 70, 79, 81,  82,  83,  84,  85,  86,  87, 88,
                            90, 91, 95, 96, 97, 98, 99, 100, 101, 102, 103, 110, 111, 127};
  for (int code = -1; code <= 1000; ++code) {
    CAPTURE(code);
    const std::string name(q850_name(code));
    CHECK(name.empty() == !named.contains(code));
    if (!name.empty()) CHECK(q850_code(name) == code);
  }
}

TEST_CASE("dictionary: SIP reasons, exactly those of the registry") {
  CHECK(sip_reason(200) == "OK");
  CHECK(sip_reason(486) == "Busy Here");
  CHECK(sip_reason(487) == "Request Terminated");
  CHECK(sip_reason(199) == "Early Dialog Terminated");
  CHECK(sip_reason(608) == "Rejected");
  const std::set<int> registered{
      100, 180, 181, 182, 183, 199, 200, 202, 204, 300, 301, 302, 305, 380, 400, 401, 402, 403, 404,
      405, 406, 407, 408, 410, 412, 413, 414, 415, 416, 417, 420, 421, 422, 423, 424, 425, 428, 429,
      430, 433, 436, 437, 438, 439, 440, 469, 470, 480, 481, 482, 483, 484, 485, 486, 487, 488, 489,
      491, 493, 494, 500, 501, 502, 503, 504, 505, 513, 555, 580, 600, 603, 604, 606, 607, 608};
  for (int code = -1; code <= 1000; ++code) {
    CAPTURE(code);
    CHECK(sip_reason(code).empty() == !registered.contains(code));
  }
}

TEST_CASE("dictionary: agent status codes of uContact, 0 to 9 and no more") {
  CHECK(agent_status_name(0) == "UNKNOWN");
  CHECK(agent_status_name(1) == "NOT_INUSE");
  CHECK(agent_status_name(5) == "UNAVAILABLE");
  CHECK(agent_status_name(9) == "WRAPUP");
  CHECK(agent_status_name(10).empty());
  CHECK(agent_status_name(-1).empty());
}

TEST_CASE("dictionary: a code beyond 32 bits is not cut to one that has a name") {
  constexpr std::int64_t wrapped = (std::int64_t{1} << 32) + 16;
  CHECK(q850_name(wrapped).empty());
  CHECK(sip_reason(wrapped + 184).empty());
}
