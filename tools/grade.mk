# grade.mk - what people type at the grader.

.PHONY: grade run-test watch course mutants

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

watch:
	@tools/grade watch $(LAB)

course:
	@$(if $(and $(LAB),$(DIR)),tools/grade course $(LAB) '$(DIR)' \
		$(if $(CSV),--csv '$(CSV)'),\
		echo "ev6: make course LAB=name DIR=folder [CSV=grades.csv]" >&2; exit 1)

mutants:
	@tools/grade mutants $(LAB) $(if $(PAGE),--page '$(PAGE)')
