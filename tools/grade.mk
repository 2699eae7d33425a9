# grade.mk - what people type at the grader.

.PHONY: grade run-test

# Only what was typed: CPUS has a default for `make qemu`.
typed	= $(if $(filter command environment,$(firstword $(origin $1))),$($1))

# A lab, the lab of this starter, or everything.
grade:
	@TEST='$(TEST)' tools/grade lab $(LAB) \
		$(if $(EXPORT),--export '$(EXPORT)')

run-test:
	@$(if $(T),tools/grade test '$(T)' \
		$(if $(call typed,CPUS),--cpus $(CPUS)) $(if $(GDB),--gdb),\
		echo "ev6: which test?  make run-test T=name" >&2; exit 1)
