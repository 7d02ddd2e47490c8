// A thousand functions that a thousand slots of the procedure linkage table lead to.
#define FUNCTION(n) long lazy_##n(void);
#define TEN(what, n) \
  what(n##0) what(n##1) what(n##2) what(n##3) what(n##4) what(n##5) what(n##6) what(n##7) what(n##8) what(n##9)
#define HUNDRED(what, n)                                                                                          \
  TEN(what, n##0)                                                                                                 \
  TEN(what, n##1)                                                                                                 \
  TEN(what, n##2) TEN(what, n##3) TEN(what, n##4) TEN(what, n##5) TEN(what, n##6) TEN(what, n##7) TEN(what, n##8) \
      TEN(what, n##9)
#define THOUSAND(what)                                                                                  \
  HUNDRED(what, 0)                                                                                      \
  HUNDRED(what, 1)                                                                                      \
  HUNDRED(what, 2) HUNDRED(what, 3) HUNDRED(what, 4) HUNDRED(what, 5) HUNDRED(what, 6) HUNDRED(what, 7) \
      HUNDRED(what, 8) HUNDRED(what, 9)

#define DEFINED(n) \
  long lazy_##n(void) { return 1; }
#define ADDED(n) +lazy_##n()

long call_all(void);
THOUSAND(FUNCTION)
THOUSAND(DEFINED)
long call_all(void) { return 0 THOUSAND(ADDED); }
