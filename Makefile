# Makefile - what people type.  `make help` lists it.
#
# One makefile, nothing recursive.  The kernel's sources come from
# kernel/ORDER; a .c dropped into user/bin or user/tests becomes a program of
# that name.  Everything that is built lands in $(O).

# A machine with race points is another build, in a folder of its own.
RACE	?=
O	?= obj$(if $(RACE),/race)
CPUS	?= 4
MEM	?= 256
CPU	?= max,+x2apic
ACCEL	?=
DET	?=
NOISE	?=
RUN	?=
GDBFLAGS ?=

# RUN reaches tools/qemu through the environment and is never seen by a shell,
# so it may hold quotes, semicolons and dollars.
override RUN := $(value RUN)
export O CPUS MEM CPU ACCEL DET NOISE RUN

# Quiet: one line a step.  V=1 shows the commands, -s shows nothing.
Q	:= $(if $(V),,@)
silent	:= $(findstring s,$(filter-out --%,$(firstword -$(MAKEFLAGS))))
say	= @$(if $(V)$(silent),:,printf '  %-7s %s\n') '$(1)' '$(2)'

.DELETE_ON_ERROR:
.SECONDARY:
.PHONY: FORCE all help setup doctor qemu qemu-gdb gdb explore check stress bench \
	clean

all: $(O)/ev6.elf $(O)/initramfs.cpio

include tools/toolchain.mk
include tools/kernel.mk
include tools/user.mk
include tools/grade.mk
include tools/labs.mk
include tools/handouts.mk

# Editors find compile_commands.json in the root only; a build elsewhere
# leaves it alone.
ifeq ($(O),obj)
all: compile_commands.json
endif

compile_commands.json: $(O)/flags $(O)/sources tools/compdb
	$(call say,GEN,$@)
	$(Q)tools/compdb '$(CC) $(KFLAGS)' '$(KSRC)' \
		'$(CC) $(UFLAGS)' '$(USRC)' >$@

# --- Run ---------------------------------------------------------------------

qemu: all
	@tools/qemu

qemu-gdb: all
	@tools/qemu --gdb

gdb: all
	@tools/gdb/attach $(GDBFLAGS)

# --- Test --------------------------------------------------------------------

explore:
	@tools/explore $(TEST) $(if $(SCHEDULE),-s '$(SCHEDULE)') $(if $(V),-v)

check:
	@tools/pytest tools/check grade

# All of CPUS in turn; what is typed, not the default above.
stress: all
	@CPUS='$(if $(filter file,$(origin CPUS)),,$(CPUS))' tools/stress

bench: all
	@tools/bench

# --- The machine that all this runs on ---------------------------------------

setup:
	@tools/setup

doctor:
	@CC='$(CC)' TOOLPREFIX=$(TOOLPREFIX) tools/doctor

# `make setup qemu` installs before it builds, with -j too.
ifneq ($(filter setup,$(MAKECMDGOALS)),)
$(O)/flags $(O)/sources: | setup
endif

clean:
	rm -rf $(O) compile_commands.json

help:
	@cat tools/help.txt
