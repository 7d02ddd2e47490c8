// cprof: the program. It only wires the parts together.
#include "driver/driver.h"
#include "web/web.h"

int main(int argc, char **argv) { return driver_main(argc, argv, web_serve, stderr); }
