// A thousand functions that a thousand slots of the procedure linkage table lead to.
#define FUNCTION(n) long lazy_##n(void);
#define FIVE(what, n, a, b, c, d, e) what(n##a) what(n##b) what(n##c) what(n##d) what(n##e)
#define TEN(what, n) FIVE(what, n, 0, 1, 2, 3, 4) FIVE(what, n, 5, 6, 7, 8, 9)
#define FIFTY(what, n, a, b, c, d, e) TEN(what, n##a) TEN(what, n##b) TEN(what, n##c) TEN(what, n##d) TEN(what, n##e)
#define HUNDRED(what, n) FIFTY(what, n, 0, 1, 2, 3, 4) FIFTY(what, n, 5, 6, 7, 8, 9)
#define HALF(what, a, b, c, d, e) HUNDRED(what, a) HUNDRED(what, b) HUNDRED(what, c) HUNDRED(what, d) HUNDRED(what, e)
#define THOUSAND(what) HALF(what, 0, 1, 2, 3, 4) HALF(what, 5, 6, 7, 8, 9)

#define DEFINED(n) \
  long lazy_##n(void) { return 1; }
#define ADDED(n) +lazy_##n()

long call_all(void);
THOUSAND(FUNCTION)
THOUSAND(DEFINED)
long call_all(void) { return 0 THOUSAND(ADDED); }
