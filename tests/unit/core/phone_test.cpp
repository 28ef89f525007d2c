#include "core/phone.hpp"

#include <doctest/doctest.h>
#include <sodium.h>

#include <array>
#include <random>
#include <string>

#include "core/error.hpp"

using namespace cdr;

namespace {
const std::string key = "0123456789abcdef";
}

TEST_CASE("phone_mask: the last four digits") {
  CHECK(phone_mask("13323150000") == "1332315****");
  CHECK(phone_mask("48500001234") == "4850000****");
  CHECK(phone_mask("+48 500 001 234") == "+48 500 00* ***");
  CHECK(phone_mask("+48-500-00-12") == "+48-500-**-**");
  CHECK(phone_mask("(500) 001-234") == "(500) 00*-***");
  CHECK(phone_mask("12345") == "1****");
  CHECK(phone_mask("48\u00a0500\u00a0001\u00a0234") == "48\u00a0500\u00a000*\u00a0***");
  CHECK(phone_mask("sip:48500001234@pbx.example.org") == "sip:4850000****@pbx.example.org");
  CHECK(phone_mask("+48 500 001 234 ext. 12") == "+48 500 00* *** ext. 12");
  CHECK(phone_mask("\"Out<-\" <48500001234>") == "\"Out<-\" <4850000****>");
  CHECK(phone_mask("48500001234;48500005678") == "4850000****;4850000****");
  CHECK(phone_mask("*7248500001234") == "*724850000****");
}

TEST_CASE("phone_mask: unchanged") {
  for (const char* text : {"", "anonymous", "1010", "SIP/1010", "agent1@ccc-test", "0533128****",
                           "138****0000", "1332315****", "+48 500 00* ***", "****"}) {
    CAPTURE(text);
    CHECK(phone_mask(text) == text);
  }
}

TEST_CASE("phone_mask property: masking twice is masking once, and four digits are gone") {
  constexpr unsigned seed = 48123;
  INFO("seed " << seed);
  std::mt19937_64 random(seed);
  for (int i = 0; i < 20'000; ++i) {
    std::string text;
    for (auto length = random() % 24; length > 0; --length)
      text += "0123456789 -+()."[random() % 16];
    CAPTURE(text);
    const std::string masked = phone_mask(text);
    REQUIRE(masked.size() == text.size());
    REQUIRE(phone_mask(masked) == masked);
  }
}

TEST_CASE("phone_token: one number, one token") {
  const auto token = phone_token("48500001234", key);
  REQUIRE(token);
  CHECK(token->size() == 32);
  for (const char* same : {"+48500001234", "0048500001234", "+48 500 001 234", "48-500-001-234",
                           "sip:48500001234@10.0.0.1", "tel:+48500001234;ext=12"}) {
    CAPTURE(same);
    CHECK(phone_token(same, key) == token);
  }
  for (const char* other : {"48500001235", "500001234", "4850000123", "485000012340"}) {
    CAPTURE(other);
    CHECK(phone_token(other, key) != token);
  }
  CHECK(phone_token("48500001234", key + "x") != token);
  CHECK(phone_token("1010", key));
}

TEST_CASE("phone_token: none for what must not be joined") {
  for (const char* text : {"", "anonymous", "0533128****", "138****0000", "*72", "+", "00"}) {
    CAPTURE(text);
    CHECK_FALSE(phone_token(text, key));
  }
}

TEST_CASE(
    "phone_token: it is keyed BLAKE2b of 128 bits, whose key is the BLAKE2b of the given one") {
  REQUIRE(sodium_init() >= 0);
  const std::string number = "48500001234";
  const std::string long_key(100, 'k');
  std::array<unsigned char, 32> derived{};
  crypto_generichash(derived.data(), derived.size(),
                     reinterpret_cast<const unsigned char*>(long_key.data()), long_key.size(),
                     nullptr, 0);
  std::array<unsigned char, 16> hash{};
  crypto_generichash(hash.data(), hash.size(),
                     reinterpret_cast<const unsigned char*>(number.data()), number.size(),
                     derived.data(), derived.size());
  std::array<char, 33> hex{};
  sodium_bin2hex(hex.data(), hex.size(), hash.data(), hash.size());
  CHECK(phone_token(number, long_key) == std::string(hex.data()));
}

TEST_CASE("phone_token: a short key is refused, with the reason") {
  CHECK_THROWS_AS(phone_token("48500001234", ""), Error);
  CHECK_THROWS_AS(phone_token("anonymous", "short"), Error);
  try {
    phone_token("48500001234", "fifteen bytes..");
    FAIL("no error");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::mismatch);
    CHECK(std::string(error.what()) ==
          "phone_token: the key has 15 bytes, expected at least 16: a shorter key can be guessed, "
          "and with it every number; use for example 32 random bytes");
  }
}
