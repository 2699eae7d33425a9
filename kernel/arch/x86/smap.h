/*
 * smap.h - for assembly: let the kernel touch user memory, and forbid it again.
 *
 * The instructions are written as if every processor knew them.  Where SMAP is
 * missing, cpu_check() finds each by its address in section .smap and puts a
 * nop in its place.
 */
#pragma once

.macro smap_site insn
.Lsmap\@:	\insn
	.pushsection .smap, "a"
	.quad	.Lsmap\@
	.popsection
.endm

.macro smap_open
	smap_site stac
.endm

.macro smap_close
	smap_site clac
.endm
