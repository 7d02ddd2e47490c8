// doctor: where the names of a profile came from, and what to do where they are missing.
#ifndef CPROF_DRIVER_DOCTOR_H
#define CPROF_DRIVER_DOCTOR_H

#include "driver/driver.h"

int doctor(const struct session *s, struct buf *out, struct err *e);

#endif
