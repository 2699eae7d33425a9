/* vcore_refused - a request for no cores, for more than there can be vcores, or
 * of a single-core process that has masked notifications is refused with its
 * error, and changes nothing; the next one is served. */
#include "test.h"

#define TOO_MANY	(max_vcores() + 1)

static void unchanged(bool is_mcp, uint32_t wanted, const char *fact)
{
	CHECK(procinfo->is_mcp == is_mcp &&
	      procdata->cores_wanted == wanted, fact);
}

static void refuse_numbers(void)
{
	CHECK_EQ(vcore_request_total(0), -EINVAL, "none");
	CHECK_EQ(vcore_request_total(TOO_MANY), -EINVAL, "too-many");
	CHECK_EQ(vcore_request_total(UINT32_MAX), -EINVAL, "far-too-many");
	CHECK_EQ(vcore_request_more(0), -EINVAL, "no-more");
	CHECK_EQ(vcore_request_more(TOO_MANY), -EINVAL, "too-many-more");
	CHECK_EQ(vcore_request_more(UINT32_MAX), -EINVAL, "far-too-many-more");
}

TEST(vcore_refused)
{
	uint32_t wanted = procdata->cores_wanted;

	refuse_numbers();
	disable_notifs();
	CHECK_EQ(vcore_request_total(1), -EBUSY, "masked");
	CHECK_EQ(vcore_request_more(1), -EBUSY, "masked-more");
	enable_notifs();
	unchanged(false, wanted, "as-before");

	CHECK_EQ(vcore_request_total(1), 0, "one");
	unchanged(true, 1, "many-core");
	refuse_numbers();
	CHECK_EQ(vcore_request_more(max_vcores()), -EINVAL,
		 "too-many-with-those-it-has");
	disable_notifs();
	CHECK_EQ(vcore_request_total(1), 0, "masked-but-many-core");
	enable_notifs();
	unchanged(true, 1, "as-before-too");
}
