// The parts of the web interface that know no HTTP: queries, names it may be called by, forms, pictures, escapes.
#include "support/test.h"
#include "web/guard.h"
#include "web/page.h"
#include "web/svg.h"
#include "web/url_options.h"

// ---- queries --------------------------------------------------------------------------------------

static struct query parsed(const char *text) {
  struct query q = {0};
  struct err e = {""};
  if (query_parse(&q, str_of(text), &e)) fail_msg("%s", e.text);
  return q;
}

static void test_query__names_and_values(void **state) {
  (void)state;
  struct query q = parsed("a=1&b=x+y%26z&empty=&bare&a=2");
  assert_string_equal(query_get(&q, "a"), "1");
  assert_string_equal(query_get(&q, "b"), "x y&z");
  assert_string_equal(query_get(&q, "empty"), "");
  assert_string_equal(query_get(&q, "bare"), "");
  assert_null(query_get(&q, "c"));
  query_release(&q);
}

static void test_query__malformed_pairs_are_passed_over(void **state) {
  (void)state;
  struct query q = parsed("&&a=%&b=%4&c=%zz&d=1;e=2&=v&f=%41&g=%c3%28");
  assert_null(query_get(&q, "a"));
  assert_null(query_get(&q, "b"));
  assert_null(query_get(&q, "c"));
  assert_null(query_get(&q, "d"));
  assert_string_equal(query_get(&q, ""), "v");
  assert_string_equal(query_get(&q, "f"), "A");
  assert_string_equal(query_get(&q, "g"), "\xc3\x28");
  query_release(&q);
}

static void test_query__what_is_refused(void **state) {
  (void)state;
  struct query q = {0};
  struct err e = {""};
  struct buf many = {0};
  assert_int_equal(query_parse(&q, STR_LIT("a=x%00y"), &e), -1);
  assert_message(&e, "byte 0");
  query_release(&q);
  err_clear(&e);
  for (int i = 0; i <= QUERY_MOST_PAIRS; i++) buf_adds(&many, "a=1&");
  assert_int_equal(query_parse(&q, buf_view(&many), &e), -1);
  assert_message(&e, "parameters");
  query_release(&q);
  buf_release(&many);
}

static void test_query__there_and_back(void **state) {
  (void)state;
  char every[256];
  struct buf text = {0};
  for (int i = 1; i < 256; i++) every[i - 1] = (char)i;
  every[255] = '\0';
  query_add(&text, 0, "a b", every);
  query_add(&text, 0, "c", "");
  struct query q = parsed(text.data);
  assert_string_equal(query_get(&q, "a b"), every);
  assert_string_equal(query_get(&q, "c"), "");
  query_release(&q);
  buf_release(&text);
}

// ---- options --------------------------------------------------------------------------------------

static void test_url_options__every_parameter_comes_back(void **state) {
  (void)state;
  struct options base, o, again;
  struct err e = {""};
  struct buf text = {0};
  options_init(&base);
  size_t n = 0;
  for (size_t i = 0; i < option_count; i++) {
    const struct option_row *row = &option_table[i];
    if (!row->url) continue;
    static const char *const values[] = {
        [OPTION_BOOL] = "true", [OPTION_INT] = "7", [OPTION_FLOAT] = "0.25", [OPTION_STRING] = "a&b c"};
    const char *value = row->type == OPTION_CHOICE ? row->choices[1].name : values[row->type];
    if (row->type == OPTION_BOOL && strcmp(row->standard, "true") == 0) value = "false";
    o = again = base;
    buf_clear(&text);
    assert_int_equal(option_set(&o, row, value, &e), 0);
    url_options_add(&text, 0, &o, &base);
    struct query q = parsed(text.data);
    assert_int_equal(q.n, 1);
    assert_string_equal(q.pair[0].name, row->url);
    assert_int_equal(url_options_apply(&again, &q, &e), 0);
    struct buf left = {0};
    url_options_add(&left, 0, &again, &o);
    assert_int_equal(left.n, 0);
    query_release(&q);
    n++;
  }
  assert_true(n >= 27);  // those of the reference
  buf_release(&text);
}

static void test_url_options__empty_takes_back(void **state) {
  (void)state;
  struct options base, o;
  struct err e = {""};
  options_init(&base);
  base.focus = "x";
  base.trim = false;
  o = base;
  struct query q = parsed("f=&trim=&i=y");
  assert_int_equal(url_options_apply(&o, &q, &e), 0);
  assert_string_equal(o.focus, "");
  assert_true(o.trim);
  assert_string_equal(o.ignore, "y");
  query_release(&q);
}

static void test_url_options__what_is_no_value(void **state) {
  (void)state;
  static const char *const wrong[] = {"n=x", "trim=maybe", "nf=many", "sort=up", "g=planets"};
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    struct options o;
    struct err e = {""};
    options_init(&o);
    struct query q = parsed(wrong[i]);
    assert_int_equal(url_options_apply(&o, &q, &e), -1);
    assert_message(&e, "in the URL");
    query_release(&q);
  }
}

// ---- addresses ------------------------------------------------------------------------------------

static void test_address__forms(void **state) {
  (void)state;
  static const struct {
    const char *text, *host;
    unsigned port;
  } good[] = {{":", "localhost", 0},           {":8080", "localhost", 8080}, {"box:", "box", 0},
              {"127.0.0.1:1", "127.0.0.1", 1}, {"[::1]:90", "::1", 90},      {"[::]:", "::", 0}};
  static const char *const bad[] = {"", "8080", "localhost", "::1:80", "a:b", "a:65536", "a:-1", "[::1]"};
  struct address a;
  struct err e = {""};
  for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
    assert_int_equal(address_parse(&a, good[i].text, &e), 0);
    assert_string_equal(a.host, good[i].host);
    assert_int_equal(a.port, good[i].port);
  }
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    err_clear(&e);
    assert_int_equal(address_parse(&a, bad[i], &e), -1);
    assert_message(&e, "-http");
  }
}

static bool allows(const struct address *a, const char *host) { return address_allows(a, str_of(host)); }

static void test_address__names(void **state) {
  (void)state;
  struct address a = {.host = "localhost", .port = 8080, .loopback = true};
  static const char *const ours[] = {"localhost:8080", "LocalHost:8080", "127.0.0.1:8080", "[::1]:8080"};
  static const char *const others[] = {"",
                                       "localhost",
                                       "localhost:",
                                       "localhost:80",
                                       "localhost:808",
                                       "evil.example",
                                       "evil.example:8080",
                                       "localhost.evil.example:8080",
                                       "evil.example:8080@localhost:8080",
                                       "127.0.0.2:8080",
                                       "[::1]",
                                       "::1:8080",
                                       "]:8080",
                                       "localhost:8080:8080"};
  for (size_t i = 0; i < sizeof ours / sizeof *ours; i++) assert_true(allows(&a, ours[i]));
  for (size_t i = 0; i < sizeof others / sizeof *others; i++) assert_false(allows(&a, others[i]));
  struct address everywhere = {.host = "0.0.0.0", .port = 80, .every = true};
  assert_true(allows(&everywhere, "192.0.2.7"));
  assert_true(allows(&everywhere, "192.0.2.7:80"));
  assert_true(allows(&everywhere, "[2001:db8::1]"));
  assert_false(allows(&everywhere, "evil.example"));
}

// ---- the guard ------------------------------------------------------------------------------------

static struct guard_request asked(const struct query *q) {
  return (struct guard_request){"box:8080", "", "", "", "", q};
}

static void test_guard__token_and_cookie(void **state) {
  (void)state;
  struct address a = {.host = "box", .port = 8080};
  struct guard g;
  struct err e = {""};
  char text[200];
  assert_int_equal(guard_init(&g, &a, &e), 0);
  assert_true(strcmp(g.token, g.cookie) && strcmp(g.token, g.form));
  struct query none = {0};
  struct guard_request r = asked(&none);
  assert_int_equal(guard_check(&g, &r), GUARD_TOKEN);
  snprintf(text, sizeof text, "token=%s", g.token);
  struct query q = parsed(text);
  r.query = &q;
  assert_int_equal(guard_check(&g, &r), GUARD_LOGIN);
  assert_int_equal(guard_check(&g, &r), GUARD_LOGIN);
  // It leaves the URL also where the cookie is there already.
  snprintf(text, sizeof text, "cprof-8080=%s", g.cookie);
  r.cookie = text;
  assert_int_equal(guard_check(&g, &r), GUARD_LOGIN);
  r.cookie = "";
  query_release(&q);
  // The one for the browser that is started is good for once.
  snprintf(text, sizeof text, "token=%s", g.once);
  q = parsed(text);
  assert_int_equal(guard_check(&g, &r), GUARD_LOGIN);
  assert_int_equal(guard_check(&g, &r), GUARD_TOKEN);
  query_release(&q);
  r.query = &none;
  snprintf(text, sizeof text, "other=1; cprof-8080=%s", g.cookie);
  r.cookie = text;
  assert_int_equal(guard_check(&g, &r), GUARD_PASS);
  text[strlen(text) - 1] ^= 1;
  assert_int_equal(guard_check(&g, &r), GUARD_TOKEN);
  snprintf(text, sizeof text, "cprof-8081=%s", g.cookie);
  assert_int_equal(guard_check(&g, &r), GUARD_TOKEN);
}

static void test_guard__foreign_pages(void **state) {
  (void)state;
  struct address a = {.host = "box", .port = 8080, .loopback = true};
  struct guard g;
  struct err e = {""};
  struct query none = {0};
  char text[200];
  assert_int_equal(guard_init(&g, &a, &e), 0);
  struct guard_request r = asked(&none);
  assert_int_equal(guard_check(&g, &r), GUARD_PASS);
  r.fetch_site = "cross-site";
  r.fetch_mode = "no-cors";
  assert_int_equal(guard_check(&g, &r), GUARD_FOREIGN);
  r.fetch_mode = "navigate";
  assert_int_equal(guard_check(&g, &r), GUARD_PASS);

  snprintf(text, sizeof text, "token=%s", g.form);
  struct query form = parsed(text);
  assert_false(guard_allows_change(&g, &r, &form));
  r.fetch_site = "same-origin";
  assert_true(guard_allows_change(&g, &r, &form));
  r.origin = "http://evil.example";
  assert_false(guard_allows_change(&g, &r, &form));
  r.origin = "null";
  assert_false(guard_allows_change(&g, &r, &form));
  r.origin = "http://box:8080";
  assert_true(guard_allows_change(&g, &r, &form));
  assert_false(guard_allows_change(&g, &r, &none));
  query_release(&form);
}

// ---- pictures -------------------------------------------------------------------------------------

static void expect_svg(const char *file, const char *copy) {
  struct buf out = {0};
  assert_int_equal(svg_copy(str_of(file), &out), 0);
  assert_str(buf_view(&out), copy);
  buf_release(&out);
}

static void test_svg__drawings_stay(void **state) {
  (void)state;
  expect_svg(
      "<?xml?><!DOCTYPE x>\n<svg width=\"1pt\"\n viewBox='0 0 1 1'><!-- a > b --><g id=\"g\"><title>a&#45;&gt;b</title>"
      "<polygon fill=\"#fff\" points=\"1,2\"/></g></svg>\nbehind",
      "<svg width=\"1pt\" viewBox=\"0 0 1 1\"><g id=\"g\"><title>a&#45;&gt;b</title>"
      "<polygon fill=\"#fff\" points=\"1,2\"/></g></svg>");
}

static void test_svg__links_become_groups(void **state) {
  (void)state;
  expect_svg("<svg><a xlink:href=\"javascript:x\" xlink:title=\"n &lt;b&gt; (1)\"><text>t</text></a></svg>",
             "<svg><g><title>n &lt;b&gt; (1)</title><text>t</text></g></svg>");
}

static void test_svg__what_runs_is_left_out(void **state) {
  (void)state;
  expect_svg(
      "<svg onload=\"x()\"><script>alert(1)</script><g style=\"a\" onclick=\"x\" id=\"i\"></g>"
      "<image href=\"http://x/\"/><g fill=\"url(http://x/)\"/><g fill=\"url(#l)\"/><g fill=\"url(#a) "
      "url(http://x)\"/><g fill=\"URL(http://x)\"/></svg>",
      "<svg>alert(1)<g id=\"i\"></g><g/><g fill=\"url(#l)\"/><g/><g/></svg>");
}

static void test_svg__no_spelling_hides_an_address(void **state) {
  (void)state;
  expect_svg(
      "<svg><g fill=\"&#117;rl(http://x)\" id=\"a\"/><g fill=\"&#x75;rl(http://x)\"/><g fill=\"\\75rl(http://x)\"/>"
      "<g fill='src(\"http://x\")'/><g fill=\"url(#aurl()\"/></svg>",
      "<svg><g id=\"a\"/><g/><g/><g/><g/></svg>");
  static const char with_nul[] = "<svg><g fill=\"u\0rl(http://x)\"/></svg>";
  struct buf out = {0};
  assert_int_equal(svg_copy((struct str){with_nul, sizeof with_nul - 1}, &out), 0);
  assert_str(buf_view(&out), "<svg><g/></svg>");
  buf_release(&out);
}

static void test_svg__text_is_escaped(void **state) {
  (void)state;
  expect_svg("<svg><text>a & b &; &#60; > \"</text></svg>",
             "<svg><text>a &amp; b &amp;; &#60; &#62; &#34;</text></svg>");
}

static void test_svg__damage_is_told(void **state) {
  (void)state;
  static const char *const bad[] = {"",
                                    "<html></html>",
                                    "<svg",
                                    "<svg>",
                                    "<svg><g",
                                    "<svg><g a></g></svg>",
                                    "<svg><g id=\"></svg>",
                                    "<svg><!-- </svg>"};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    struct buf out = {0};
    assert_int_equal(svg_copy(str_of(bad[i]), &out), -1);
    buf_release(&out);
  }
}

// ---- text -----------------------------------------------------------------------------------------

static void test_page__long_text_is_cut(void **state) {
  (void)state;
  struct buf text = {0}, out = {0};
  buf_pad(&text, '<', 3 << 20);
  assert_true(page_text_bounded(&out, buf_view(&text)));
  assert_true(out.n < 2 * PAGE_MOST);
  buf_clear(&out);
  assert_false(page_text_bounded(&out, STR_LIT("a\nb")));
  assert_str(buf_view(&out), "a\nb");
  buf_release(&text);
  buf_release(&out);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_query__names_and_values),
      cmocka_unit_test(test_query__malformed_pairs_are_passed_over),
      cmocka_unit_test(test_query__what_is_refused),
      cmocka_unit_test(test_query__there_and_back),
      cmocka_unit_test(test_url_options__every_parameter_comes_back),
      cmocka_unit_test(test_url_options__empty_takes_back),
      cmocka_unit_test(test_url_options__what_is_no_value),
      cmocka_unit_test(test_address__forms),
      cmocka_unit_test(test_address__names),
      cmocka_unit_test(test_guard__token_and_cookie),
      cmocka_unit_test(test_guard__foreign_pages),
      cmocka_unit_test(test_svg__drawings_stay),
      cmocka_unit_test(test_svg__links_become_groups),
      cmocka_unit_test(test_svg__what_runs_is_left_out),
      cmocka_unit_test(test_svg__no_spelling_hides_an_address),
      cmocka_unit_test(test_svg__text_is_escaped),
      cmocka_unit_test(test_svg__damage_is_told),
      cmocka_unit_test(test_page__long_text_is_cut),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
