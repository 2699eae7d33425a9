/*
 * smap.h - let the kernel touch user memory, and forbid it again.
 *
 * The instructions are written as if every processor knew them.  Where SMAP is
 * missing, cpu_check() finds each by its address in section .smap and puts a
 * nop in its place.
 */
#pragma once

#ifdef __ASSEMBLER__

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

#else

/* The same for inline assembly. */
#define SMAP_SITE(insn)			\
	"771:	" insn "\n"		\
	".pushsection .smap, \"a\"\n"	\
	".quad	771b\n"			\
	".popsection\n"
#define SMAP_OPEN	SMAP_SITE("stac")
#define SMAP_CLOSE	SMAP_SITE("clac")

#endif
