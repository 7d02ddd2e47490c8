// Fuzz target: any bytes as contention profiles, whatever their first line says.
#include "legacy_format.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) { return try_format(contention_read, data, size); }
