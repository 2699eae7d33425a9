# toolchain.mk - find a compiler for x86-64 and say how to call it.
#
# On x86-64 Linux the host's own gcc does.  Elsewhere a cross toolchain is
# looked for under its usual names.  clang needs no cross build of itself, but
# takes the linker and strip from the same place.

ifneq ($(shell uname -sm),Linux x86_64)
TOOLPREFIX ?= $(firstword $(foreach p,x86_64-elf- x86_64-linux-gnu-,\
	$(if $(shell command -v $(p)ld),$(p))))
endif

ifeq ($(origin CC),default)
CC	:= $(TOOLPREFIX)gcc
endif
ifeq ($(origin LD),default)
LD	:= $(TOOLPREFIX)ld
endif
ifeq ($(origin AR),default)
AR	:= $(TOOLPREFIX)ar
endif
STRIP	?= $(TOOLPREFIX)strip

# Both compilers turn a copying loop into a call of memcpy, in memcpy as well;
# clang stops when it is told that there is no library, gcc wants this.
ifneq ($(findstring clang,$(shell $(CC) --version 2>/dev/null)),)
ONLY_THIS_CC := --target=x86_64-unknown-none-elf
else
ONLY_THIS_CC := -fno-tree-loop-distribute-patterns
endif

CFLAGS	:= $(ONLY_THIS_CC) -std=gnu11 -O2 -g -ffreestanding -nostdinc \
	-isystem $(shell $(CC) -print-file-name=include) \
	-fno-pie -fno-stack-protector -fno-omit-frame-pointer \
	-fno-strict-aliasing -fno-asynchronous-unwind-tables \
	-fcf-protection=none \
	-Wall -Wextra -Wno-unused-parameter -Werror -MMD -MP
ifdef RACE
CFLAGS	+= -DEV6_RACE
endif
LDFLAGS	:= -m elf_x86_64 -nostdlib -static -z max-page-size=4096 \
	-z noexecstack --build-id=none

# $(call stamp,TEXT): a file that is rewritten only when TEXT changes, so that
# what depends on it is built again when flags or the list of sources change.
define stamp
@mkdir -p $(@D)
@printf '%s\n' '$(1)' | cmp -s - $@ || printf '%s\n' '$(1)' >$@
endef

$(O)/flags: FORCE
	$(call stamp,$(CC) $(KFLAGS) / $(UFLAGS) / $(LD) $(LDFLAGS))

$(O)/sources: FORCE
	$(call stamp,$(KSRC) $(USRC))
