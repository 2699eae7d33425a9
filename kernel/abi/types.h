/*
 * types.h - the few names that every file of kernel and user code may use.
 *
 * Both sides compile it: fixed-width integers from the compiler, the machine's
 * limits, and the layout assertion that the ABI structs use.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PAGE_SHIFT	12
#define PAGE_SIZE	4096UL

/* What QEMU's q35 machine can have; vcores of one process are as many. */
#define MAX_CORES	288
#define MAX_VCORES	288

/* The layout of an ABI struct is a promise: a change of size must be meant. */
#define ABI_SIZE(type, bytes) \
	_Static_assert(sizeof(type) == (bytes), "ABI: sizeof " #type)
