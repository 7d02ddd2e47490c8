// Fuzz target: any bytes as Java's text profiles, whatever their first line says.
#include "legacy_format.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) { return try_format(java_read, data, size); }
