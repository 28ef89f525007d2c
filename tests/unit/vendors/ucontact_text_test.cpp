#include "vendors/ucontact/text.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <random>
#include <string>

using namespace cdr;

TEST_CASE("kv_json") {
  CHECK(kv_json("a=1:b=2") == R"({"a":"1","b":"2"})");
  CHECK(kv_json("idcustomer=7:name=Seba") == R"({"idcustomer":"7","name":"Seba"})");
  CHECK(kv_json("") == "{}");
  CHECK(kv_json("a=") == R"({"a":""})");
  CHECK(kv_json("a") == R"({"a":null})");
  CHECK(kv_json("a=b=c") == R"({"a":"b=c"})");
  CHECK(kv_json("=x") == R"({"":"x"})");
  CHECK(kv_json(":a=1::b=2:") == R"({"a":"1","b":"2"})");
  CHECK(kv_json("a=1:b=2:a=3:a") == R"({"a":["1","3",null],"b":"2"})");
  CHECK(kv_json("url=https://x") == R"({"url":"https","//x":null})");
  CHECK(kv_json("a=\"\\\n:ž=ů") == R"({"a":"\"\\\u000a","ž":"ů"})");
  CHECK(kv_json(" a = 1 ") == R"({" a ":" 1 "})");
}

TEST_CASE("kv_json property: what was joined comes apart again") {
  constexpr unsigned seed = 12;
  INFO("seed " << seed);
  std::mt19937_64 random(seed);
  for (int i = 0; i < 2'000; ++i) {
    nlohmann::ordered_json expected = nlohmann::ordered_json::object();
    std::string text;
    for (auto members = random() % 6; members > 0; --members) {
      const std::string key = "k" + std::to_string(random() % 1000);
      if (expected.contains(key)) continue;
      std::string value;
      for (auto length = random() % 8; length > 0; --length) value += "ab\"\\=\t /"[random() % 8];
      expected[key] = value;
      if (!text.empty()) text += ':';
      text.append(key).append("=").append(value);
    }
    CAPTURE(text);
    REQUIRE(nlohmann::ordered_json::parse(kv_json(text)) == expected);
  }
}

TEST_CASE("recording_urls: the vendor's addresses, in its order") {
  CHECK(recording_urls("020f9687-adc6-46ca-b675-e96c9d1606ef", "2022-06-20 17:56:59",
                       "pbx.example.org", "backup.example.org") ==
        R"(["https://pbx.example.org/records/020f9687-adc6-46ca-b675-e96c9d1606ef.mp3",)"
        R"("https://pbx.example.org/records/20220620/020f9687-adc6-46ca-b675-e96c9d1606ef.mp3",)"
        R"("https://backup.example.org/records/20220620/020f9687-adc6-46ca-b675-e96c9d1606ef.mp3",)"
        R"("https://backup.example.org/records/020f9687-adc6-46ca-b675-e96c9d1606ef.mp3",)"
        R"("https://pbx.example.org/records/020f9687-adc6-46ca-b675-e96c9d1606ef.gsm",)"
        R"("https://pbx.example.org/records/20220620/020f9687-adc6-46ca-b675-e96c9d1606ef.gsm",)"
        R"("https://backup.example.org/records/20220620/020f9687-adc6-46ca-b675-e96c9d1606ef.gsm",)"
        R"("https://backup.example.org/records/020f9687-adc6-46ca-b675-e96c9d1606ef.gsm"])");
}

TEST_CASE("recording_urls: hosts") {
  const std::string expected = R"(["https://h/records/g.mp3","https://h/records/20220620/g.mp3",)"
                               R"("https://h/records/g.gsm","https://h/records/20220620/g.gsm"])";
  CHECK(recording_urls("g", "2022-06-20 17:56:59", "h") == expected);
  CHECK(recording_urls("g", "2022-06-20 17:56:59", "https://h") == expected);
  CHECK(recording_urls("g", "2022-06-20T17:56:59Z", " https://h/ ", " ") == expected);
  CHECK(recording_urls("g", "", "http://h:8080") ==
        R"(["http://h:8080/records/g.mp3","http://h:8080/records/g.gsm"])");
  CHECK(recording_urls("g", "2022-06-20", "") == "");
  CHECK(recording_urls("", "2022-06-20", "h") == "");
}

TEST_CASE("recording_urls: the folder is the date as written, or none") {
  CHECK(recording_urls("g", "2022-06-20 23:59:59", "h").find("/20220620/") != std::string::npos);
  CHECK(recording_urls("g", "2022-06-20", "h").find("/20220620/") != std::string::npos);
  for (const char* time : {"", "2022-02-30 10:00:00", "20 June 2022", "2022-06", "../../../../",
                           "2022-06-200 00:00:00"}) {
    CAPTURE(time);
    CHECK(recording_urls("g", time, "h") ==
          R"(["https://h/records/g.mp3","https://h/records/g.gsm"])");
  }
}

TEST_CASE("recording_urls: an id cannot leave its place") {
  CHECK(recording_urls("../a b?c#\"ž~", "", "h") ==
        R"(["https://h/records/..%2Fa%20b%3Fc%23%22%C5%BE~.mp3",)"
        R"("https://h/records/..%2Fa%20b%3Fc%23%22%C5%BE~.gsm"])");
}
