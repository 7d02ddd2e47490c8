// What is wrong with a profile is said, with numbers that lead to the place.
#include "base/gzip.h"
#include "profile/profile.h"
#include "support/message.h"
#include "support/sketch.h"
#include "support/wire.h"

// ---- profiles with one thing wrong ----------------------------------------------------------------

static void put_strings(struct buf *b) {
  wire_string(b, P_STRING, "");
  wire_string(b, P_STRING, "cpu");
  wire_string(b, P_STRING, "ns");
}

// Two sample types are left out: `types` says how many there are.
static void put_types(struct buf *b, unsigned types) {
  while (types--) WIRE_NUMBERS(b, P_SAMPLE_TYPE, {1, 1}, {2, 2});
}

static void put_samples(struct buf *b, unsigned n) {
  for (unsigned i = 0; i < n; i++) WIRE_NUMBERS(b, P_SAMPLE, {1, 1}, {2, i});
}

static void put_places(struct buf *b) {
  WIRE_NUMBERS(b, P_MAPPING, {1, 1}, {2, 0x1000}, {3, 0x2000}, {5, 1});
  WIRE_NUMBERS(b, P_FUNCTION, {1, 1}, {2, 1});
  struct buf l = {0};
  wire_number(&l, 1, 1);
  wire_number(&l, 2, 1);
  WIRE_NUMBERS(&l, 4, {1, 1}, {2, 12});
  wire_bytes(b, P_LOCATION, buf_view(&l));
  buf_release(&l);
}

// A sound profile with three samples.
static struct buf sound(void) {
  struct buf b = {0};
  put_strings(&b);
  put_types(&b, 1);
  put_samples(&b, 3);
  put_places(&b);
  return b;
}

static void fails(struct buf *b, const char *message) {
  struct err e = {0};
  struct profile *p = profile_read_memory(buf_view(b), SOURCE_LIMIT_AUTO, &e);
  if (p) print_error("accepted, but expected: %s\n", message);
  assert_null(p);
  assert_string_equal(e.text, message);
  buf_release(b);
}

// ---- samples --------------------------------------------------------------------------------------

static void test_decode__missing_location(void **state) {
  (void)state;
  struct buf b = {0};
  put_strings(&b);
  put_types(&b, 1);
  put_samples(&b, 17);
  WIRE_NUMBERS(&b, P_SAMPLE, {1, 1}, {1, 99}, {2, 5});
  put_samples(&b, 3);
  put_places(&b);
  fails(&b, "sample 17 refers to location 99, which does not exist");
}

static void test_decode__missing_location_of_any_size(void **state) {
  (void)state;
  static const uint64_t ids[] = {0, 2, UINT64_C(1) << 31, UINT32_MAX, UINT64_C(1) << 32, UINT64_MAX};
  for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
    for (unsigned sparse = 0; sparse < 3; sparse++) {
      struct buf b = sound(), message = {0};
      if (sparse) WIRE_NUMBERS(&b, P_LOCATION, {1, sparse == 1 ? 500 : UINT64_C(1) << 50});
      WIRE_NUMBERS(&b, P_SAMPLE, {1, ids[i]}, {2, 5});
      buf_addf(&message, "sample 3 refers to location %llu, which does not exist", (unsigned long long)ids[i]);
      fails(&b, message.data);
      buf_release(&message);
    }
}

static void test_decode__value_count(void **state) {
  (void)state;
  struct buf b = sound();
  WIRE_NUMBERS(&b, P_SAMPLE, {1, 1}, {2, 5}, {2, 6});
  fails(&b, "sample 3 has 2 values, the samples before it have 1");
  b = sound();
  WIRE_NUMBERS(&b, P_SAMPLE, {1, 1});
  fails(&b, "sample 3 has 0 values, the samples before it have 1");
  b = sound();
  put_types(&b, 1);
  fails(&b, "sample 0 has 1 values, but the profile has 2 sample types");
  b = (struct buf){0};
  put_strings(&b);
  put_samples(&b, 1);
  put_places(&b);
  fails(&b, "the profile has samples but no sample type");
  b = (struct buf){0};
  put_strings(&b);
  WIRE_NUMBERS(&b, P_SAMPLE, {3, 0});
  fails(&b, "sample 0 is damaged");  // field 3 is a message
}

static void test_decode__samples_without_values_or_types(void **state) {
  (void)state;
  struct buf b = {0};
  put_strings(&b);
  wire_bytes(&b, P_SAMPLE, STR_LIT(""));
  fails(&b, "the profile has samples but no sample type");
}

// ---- ids ------------------------------------------------------------------------------------------

static void test_decode__ids(void **state) {
  (void)state;
  static const struct {
    unsigned field;
    const char *zero, *twice;
  } kinds[] = {{P_MAPPING, "mapping 1 has the reserved id 0", "two mappings have the id 1"},
               {P_FUNCTION, "function 1 has the reserved id 0", "two functions have the id 1"},
               {P_LOCATION, "location 1 has the reserved id 0", "two locations have the id 1"}};
  for (size_t i = 0; i < 3; i++) {
    struct buf zero = sound(), twice = sound();
    WIRE_NUMBERS(&zero, kinds[i].field, {1, 0});
    WIRE_NUMBERS(&twice, kinds[i].field, {1, 1});
    fails(&zero, kinds[i].zero);
    fails(&twice, kinds[i].twice);
  }
}

// Whether they are 1, 2, 3, … or not.
static void test_decode__ids_that_come_again(void **state) {
  (void)state;
  static const uint64_t ids[][3] = {
      {2, 3, 2}, {2, 3, 1}, {99, 2, 99}, {99, 2, 2}, {99, 2, 1}, {3, 2, 3}, {UINT64_MAX, 2, UINT64_MAX}};
  for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
    struct buf b = sound(), message = {0};
    for (int k = 0; k < 3; k++) WIRE_NUMBERS(&b, P_FUNCTION, {1, ids[i][k]});
    buf_addf(&message, "two functions have the id %llu", (unsigned long long)ids[i][2]);
    fails(&b, message.data);
    buf_release(&message);
  }
}

static void put_line(struct buf *b, uint64_t location, uint64_t function) {
  struct buf l = {0};
  wire_number(&l, 1, location);
  WIRE_NUMBERS(&l, 4, {1, function});
  wire_bytes(b, P_LOCATION, buf_view(&l));
  buf_release(&l);
}

static void test_decode__missing_function(void **state) {
  (void)state;
  struct buf b = sound();
  put_line(&b, 7, 3);
  fails(&b, "location 7 refers to function 3, which does not exist");
  b = sound();
  put_line(&b, 7, 0);
  fails(&b, "location 7 refers to function 0, which does not exist");
}

// ---- strings --------------------------------------------------------------------------------------

static void test_decode__string_indices(void **state) {
  (void)state;
  static const uint64_t bad[] = {3, UINT32_MAX, UINT64_C(1) << 32, UINT64_C(1) << 63, UINT64_MAX};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    struct buf b = sound();
    WIRE_NUMBERS(&b, P_FUNCTION, {1, 8}, {4, bad[i]});
    fails(&b, "function 8 names a string that is not in the string table");
    b = sound();
    WIRE_NUMBERS(&b, P_MAPPING, {1, 9}, {6, bad[i]});
    fails(&b, "mapping 9 names a string that is not in the string table");
    b = sound();
    wire_number(&b, P_COMMENT, bad[i]);
    fails(&b, "the header names a string that is not in the string table");
    b = sound();
    wire_number(&b, P_DOC_URL, bad[i]);
    fails(&b, "the header names a string that is not in the string table");
    for (unsigned field = 1; field <= 4; field++) {
      struct buf s = {0};
      if (field == 3) continue;  // the number
      b = sound();
      wire_number(&s, 2, 5);
      WIRE_NUMBERS(&s, 3, {field, bad[i]});
      wire_bytes(&b, P_SAMPLE, buf_view(&s));
      fails(&b, "a label names a string that is not in the string table");
      buf_release(&s);
    }
  }
}

static void test_decode__string_table(void **state) {
  (void)state;
  struct buf b = {0};
  wire_string(&b, P_STRING, "cpu");
  fails(&b, "the first entry of the string table is not empty");
  b = (struct buf){0};
  put_types(&b, 1);
  fails(&b, "the header names a string that is not in the string table");
}

// ---- the file as a whole --------------------------------------------------------------------------

static void test_decode__two_profiles_in_a_file(void **state) {
  (void)state;
  struct buf b = sound(), second = sound();
  wire_number(&b, P_TIME, 1700000000);
  buf_str(&b, buf_view(&second));
  wire_number(&b, P_TIME, 1700000001);
  buf_release(&second);
  fails(&b, "several profiles in one file, one behind the other (merge them instead)");
}

static void test_decode__no_profile(void **state) {
  (void)state;
  struct buf b = {0};
  fails(&b, "the file is empty");
  buf_adds(&b, "\x7f\x7f\x7f this is none");
  fails(&b, "unrecognized profile format");
  b = sound();
  buf_adds(&b, "\x13");  // a group, which the format does not have
  fails(&b, "damaged profile: a field cannot be read");
  b = sound();
  buf_adds(&b, "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff");
  fails(&b, "damaged profile: a field cannot be read");
  b = sound();
  wire_tag(&b, P_SAMPLE, WIRE_BYTES);
  wire_varint(&b, UINT64_MAX);
  fails(&b, "damaged profile: a field cannot be read");
}

static void test_decode__wrong_wire_type(void **state) {
  (void)state;
  for (unsigned field = P_SAMPLE_TYPE; field <= P_DOC_URL; field++) {
    struct buf b = sound(), message = {0};
    wire_tag(&b, field, WIRE_FIXED32);
    buf_adds(&b, "1234");
    buf_addf(&message, "field %u has wire type 5", field);
    fails(&b, message.data);
    buf_release(&message);
  }
}

static void test_decode__damaged_messages(void **state) {
  (void)state;
  static const struct {
    unsigned field;
    const char *message;
  } kinds[] = {{P_SAMPLE_TYPE, "damaged ValueType message"}, {P_SAMPLE, "sample 3 is damaged"},
               {P_MAPPING, "damaged Mapping message"},       {P_LOCATION, "damaged Location message"},
               {P_FUNCTION, "damaged Function message"},     {P_PERIOD_TYPE, "damaged ValueType message"},
               {P_COMMENT, "damaged comment list"}};
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
    struct buf b = sound();
    wire_string(&b, kinds[i].field, "\x08\xff");  // a number that is cut short
    if (kinds[i].field == P_COMMENT) b.data[b.n - 2] = '\xff';
    fails(&b, kinds[i].message);
  }
}

static void test_decode__damaged_samples(void **state) {
  (void)state;
  static const char *const samples[] = {
      "\x0a\x01\xff",         "\x12\x01\xff",         "\x0a\x05\x01", "\x0d\x01\x01\x01\x01",
      "\x15\x01\x01\x01\x01", "\x1d\x01\x01\x01\x01", "\x0b"};
  for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
    struct buf b = sound();
    wire_string(&b, P_SAMPLE, samples[i]);
    fails(&b, "sample 3 is damaged");
  }
}

// ---- cut anywhere ---------------------------------------------------------------------------------

// A prefix is a profile or an error with a message, never a crash. Returns whether it was a profile.
static bool read_prefix(struct str bytes) {
  char *exact = malloc(bytes.n + 1);  // of this size, so that a sanitizer sees a read behind it
  struct err e = {0};
  if (bytes.n) memcpy(exact, bytes.p, bytes.n);
  exact = realloc(exact, bytes.n ? bytes.n : 1);
  struct profile *p = profile_read_memory((struct str){exact, bytes.n}, SOURCE_LIMIT_AUTO, &e);
  if (p) assert_int_equal(profile_check(p, &e), 0);
  assert_int_equal(p != NULL, e.text[0] == '\0');
  bool ok = p != NULL;
  profile_free(p);
  free(exact);
  return ok;
}

static void test_decode__cut_at_every_byte(void **state) {
  (void)state;
  struct buf whole = sound(), random = random_profile(11);
  size_t accepted = 0;
  for (size_t n = 0; n <= whole.n; n++) accepted += read_prefix((struct str){whole.data, n});
  for (size_t n = 0; n <= random.n; n++) read_prefix((struct str){random.data, n});
  assert_true(read_prefix(buf_view(&whole)));
  // The first string, the second, the third, the type, and all of it: samples without their location are refused.
  assert_int_equal(accepted, 5);
  buf_release(&whole);
  buf_release(&random);
}

static void test_decode__cut_gzip_is_always_an_error(void **state) {
  (void)state;
  struct buf whole = sound(), packed = {0};
  struct err e = {0};
  assert_int_equal(gzip_add(&packed, buf_view(&whole), &e), 0);
  for (size_t n = 0; n < packed.n; n++) assert_false(read_prefix((struct str){packed.data, n}));
  assert_true(read_prefix(buf_view(&packed)));
  buf_release(&whole);
  buf_release(&packed);
}

static void test_decode__cut_in_a_field(void **state) {
  (void)state;
  struct buf b = sound();
  wire_string(&b, P_STRING, "some name");
  b.n--;
  fails(&b, "the profile ends in the middle of a field");
  b = sound();
  wire_tag(&b, P_PERIOD, WIRE_VARINT);
  fails(&b, "the profile ends in the middle of a field");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_decode__missing_location),
      cmocka_unit_test(test_decode__missing_location_of_any_size),
      cmocka_unit_test(test_decode__value_count),
      cmocka_unit_test(test_decode__samples_without_values_or_types),
      cmocka_unit_test(test_decode__ids),
      cmocka_unit_test(test_decode__ids_that_come_again),
      cmocka_unit_test(test_decode__missing_function),
      cmocka_unit_test(test_decode__string_indices),
      cmocka_unit_test(test_decode__string_table),
      cmocka_unit_test(test_decode__two_profiles_in_a_file),
      cmocka_unit_test(test_decode__no_profile),
      cmocka_unit_test(test_decode__wrong_wire_type),
      cmocka_unit_test(test_decode__damaged_messages),
      cmocka_unit_test(test_decode__damaged_samples),
      cmocka_unit_test(test_decode__cut_at_every_byte),
      cmocka_unit_test(test_decode__cut_gzip_is_always_an_error),
      cmocka_unit_test(test_decode__cut_in_a_field),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
