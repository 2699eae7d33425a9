/* types.h - the names that POSIX gives to sizes and numbers of things. */
#pragma once

#include <stddef.h>
#include <stdint.h>

typedef long ssize_t;
typedef int pid_t;
