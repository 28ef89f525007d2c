#include "core/identity.hpp"

#include <doctest/doctest.h>

using namespace cdr;

namespace {

using Found = std::vector<std::string>;

Found identities(std::string_view text) {
  Found found;
  append_identities(text, found);
  return found;
}

}  // namespace

TEST_CASE("append_identities: numbers, however they are punctuated") {
  for (const char* text : {"48500001234", "+48500001234", "0048500001234", "sip:48500001234",
                           "(+48)500001234 agreed", "caller=48500001234;x=1"}) {
    CAPTURE(text);
    REQUIRE_FALSE(identities(text).empty());
    CHECK(identities(text).front() == "48500001234");
  }
  CHECK(identities("+48 500 001 234") == Found{"48500001234"});
  CHECK(identities("48\u00a0500\u00a0001\u00a0234") == Found{"48500001234"});
  CHECK(identities("+48 500001234") == Found{"48500001234", "500001234"});
  CHECK(identities("48500001234 48500005678") == Found{"48500001234", "48500005678"});
  CHECK(identities("48500001234,48500005678") == Found{"48500001234", "48500005678"});
}

TEST_CASE("append_identities: what is no number") {
  for (const char* text :
       {"", "anonymous", "101012", "4850000****", "2024-05-02", "2024-05-02 10:00:00.000",
        "2024-05-02T10:00:00+02:00", "00:01:23", "12345678901234567890", "on 2024-05-02 at noon"}) {
    CAPTURE(text);
    CHECK(identities(text).empty());
  }
  CHECK(identities("2024-13-02") == Found{"20241302"});
}

TEST_CASE("append_identities: addresses, in lower case") {
  CHECK(identities("Write to Anna.Testowa+crm@Example.ORG.") ==
        Found{"anna.testowa+crm@example.org"});
  CHECK(identities("\"Anna\" <anna@example.org>, jan@example.org") ==
        Found{"anna@example.org", "jan@example.org"});
  CHECK(identities("sip:48500001234@pbx.example.org:5060") ==
        Found{"48500001234", "48500001234@pbx.example.org"});
  for (const char* text : {"@example.org", "anna @ example.org", "agent@", "@@@@@@@@"}) {
    CAPTURE(text);
    CHECK(identities(text).empty());
  }
}

TEST_CASE("identity_of: a number or an address, and nothing else") {
  for (const char* text :
       {"48500001234", " +48 500-001.234 ", "(+48) 500 001 234", "00 48 500 001 234",
        "tel:+48500001234", "SIP:48500001234@pbx.example.org"}) {
    CAPTURE(text);
    CHECK(identity_of(text) == "48500001234");
  }
  CHECK(identity_of("Anna@Example.org") == "anna@example.org");
  CHECK(identity_of("mailto:anna@example.org") == "anna@example.org");
  CHECK(identity_of("sip:anna@pbx.example.org") == "anna@pbx.example.org");
  for (const char* text : {"", "1010", "+", "4850000****", "anna", "Anna anna@example.org",
                           "48500001234 or 48500005678", "48500001234 48500005678", "2024-05-02",
                           "anna@example.org jan@example.org", "sip:"}) {
    CAPTURE(text);
    CHECK_FALSE(identity_of(text));
  }
}
