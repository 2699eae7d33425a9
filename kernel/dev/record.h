/*
 * record.h - what happened, in lines for machines, on the second serial port.
 *
 *	@ev6 <seq> <core> <kind> <payload> *<crc32>
 *
 * One line each; <seq> counts from 0 without a gap; <crc32> is zlib's, in
 * hexadecimal, over everything from '@' up to the space before '*'.  A reader
 * thus knows of each line that it is whole and that none is missing.
 */
#pragma once

#include "abi/types.h"

/* Longer payloads are cut. */
#define RECORD_MAX	400

/*
 * Write a record.  @kind is one word; the payload is `key=value` pairs with
 * one space between, and no control characters.
 *
 * Context: any; takes the record lock, except in a panic.
 */
void record(const char *kind, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
