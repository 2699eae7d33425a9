# labs.mk - the labs: for students, and for staff in the finished kernel.

.PHONY: left hint carry handin lab release

left:
	@tools/lab left $(LAB)

hint:
	@tools/lab hint '$(EX)' $(N)

carry:
	@tools/lab carry '$(LAB)' '$(FROM)'

handin:
	@tools/lab handin $(LAB)

lab:
	@tools/lab make '$(LAB)'

release:
	@tools/lab release '$(DIR)'
